import {
  Alert,
  Anchor,
  createTheme,
  defaultVariantColorsResolver,
  Drawer,
  Modal,
  type CSSVariablesResolver,
  type MantineColorsTuple,
} from '@mantine/core';
import { surfaces, texts, tokens } from './tokens';

const primary: MantineColorsTuple = [
  '#E8EEFD',
  '#CFDCFB',
  '#A9C2FA',
  '#7DA7FF',
  '#5585F3',
  '#3767E6',
  '#1D4ED8',
  '#1A46C2',
  '#153AA3',
  '#102C7D',
];

export const theme = createTheme({
  primaryColor: 'primary',
  primaryShade: { light: 6, dark: 3 },
  // Mantine picks the colour of text on filled parts once for both themes; ours changes with them.
  variantColorResolver: (input) => {
    const colours = defaultVariantColorsResolver(input);
    return input.variant === 'filled' ? { ...colours, color: 'var(--c-on-filled)' } : colours;
  },
  colors: { primary },
  components: {
    // Links within text must be told from it by more than colour (WCAG 1.4.1).
    Anchor: Anchor.extend({ defaultProps: { underline: 'always' } }),
    // Its own grey has too little contrast in the light theme (WCAG 1.4.3), and long lines would push out its end.
    Alert: Alert.extend({
      styles: { label: { color: 'var(--mantine-color-text)' }, body: { minWidth: 0 } },
    }),
    Drawer: Drawer.extend({ defaultProps: { closeButtonProps: { 'aria-label': 'Close' } } }),
    Modal: Modal.extend({ defaultProps: { closeButtonProps: { 'aria-label': 'Close' } } }),
  },
  defaultRadius: 6,
  cursorType: 'pointer',
  respectReducedMotion: true,
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif',
  fontFamilyMonospace: 'ui-monospace, "JetBrains Mono", SFMono-Regular, Menlo, Consolas, monospace',
  headings: {
    sizes: { h1: { fontSize: '22px' }, h2: { fontSize: '18px' }, h3: { fontSize: '15px' } },
    fontWeight: '600',
  },
});

function variables(scheme: 'light' | 'dark'): Record<string, string> {
  const meanings = Object.entries(tokens).flatMap(([name, token]) => [
    [`--c-${name}`, token[scheme].fg],
    [`--c-${name}-tint`, token[scheme].tint],
  ]);
  return {
    ...(Object.fromEntries(meanings) as Record<string, string>),
    '--c-on-filled': scheme === 'dark' ? surfaces.dark.body : '#FFFFFF',
    '--c-surface': surfaces[scheme].surface,
    '--c-hover': surfaces[scheme].hover,
    '--c-hairline': surfaces[scheme].hairline,
    '--c-text-2': texts[scheme].secondary,
    '--mantine-color-body': surfaces[scheme].body,
    '--mantine-color-text': texts[scheme].text,
    '--mantine-color-dimmed': texts[scheme].dimmed,
    '--mantine-color-anchor': texts[scheme].primary,
    '--mantine-color-error': tokens.failed[scheme].fg,
    '--mantine-color-placeholder': texts[scheme].dimmed,
    '--mantine-color-default-border': surfaces[scheme].border,
  };
}

export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: variables('light'),
  dark: variables('dark'),
});
