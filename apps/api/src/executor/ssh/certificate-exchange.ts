import type { Client } from 'ssh2';
import { certificateOf, isCertificate, keyInside, withoutCertificate } from '../host-key/certificate.js';
import { WireError } from '../host-key/wire.js';

/** The parts of ssh2 1.17 that it does not publish; `offerCertificates` looks whether they are as it needs them. */
interface KeyExchange {
  negotiated: { serverHostKey: string };
  /** What the server sent as its host key, from its answer to the key exchange on. */
  _hostKey: Buffer | undefined;
  getPublicKey(): Buffer;
}
interface Lists {
  cipher: { array: string[] };
  mac: { array: string[] };
  compress: { array: string[] };
  lang: { array: string[] };
}
interface Offer {
  lists: { kex: { array: string[] }; serverHostKey: { array: string[] }; cs: Lists; sc: Lists };
}
interface Protocol {
  _kex: KeyExchange | undefined;
  _offer: Offer;
}

/**
 * Lets ssh2 negotiate host certificates, which it does not by itself. Called right after `connect()`, before anything was
 * sent.
 *
 * The signature of the key exchange (RFC 4253, section 8) covers the host key as it was sent, which is the certificate,
 * and is made by the key inside (PROTOCOL.certkeys). ssh2 hashes what was sent, then the client's public key, and then
 * checks the signature by what it takes for the host key. So when it asks for the client's public key for the second
 * time, the certificate is hashed and the key inside takes its place: ssh2's own code checks that the server holds that
 * key. Were the order another one, the hash or the name of the signature would be wrong and the connection would fail:
 * there is no way in which less is checked. Whether the certificate is to be believed is for the host verifier to say,
 * which sees it whole.
 */
export function offerCertificates(client: Client, algorithms: readonly string[]): void {
  if (!algorithms.some(isCertificate)) return;
  const protocol = protocolOf(client);
  protocol._offer = offerWith(protocol._offer, algorithms);
  let current = protocol._kex;
  // Set for each exchange, the first one and every later one that renews the keys.
  Object.defineProperty(protocol, '_kex', {
    configurable: true,
    get: () => current,
    set: (exchange: KeyExchange) => {
      current = exchange;
      if (isCertificate(exchange.negotiated.serverHostKey)) unwrapCertificate(exchange);
    },
  });
}

function unwrapCertificate(exchange: KeyExchange): void {
  const { negotiated } = exchange;
  const signature = withoutCertificate(negotiated.serverHostKey);
  // With RSA the algorithm names the hash of the signature, while the certificate is always called ssh-rsa-cert (RFC 8332).
  negotiated.serverHostKey = certificateOf(signature.startsWith('rsa-sha2-') ? 'ssh-rsa' : signature);
  const own = exchange.getPublicKey.bind(exchange);
  exchange.getPublicKey = () => {
    if (exchange._hostKey !== undefined && isCertificate(negotiated.serverHostKey)) {
      exchange._hostKey = blobInside(exchange._hostKey);
      negotiated.serverHostKey = signature;
    }
    return own();
  };
}

/** What cannot be read stays as it is: ssh2 then finds no key in it, and gives the connection up. */
function blobInside(certificate: Buffer): Buffer {
  try {
    return keyInside(certificate).blob;
  } catch (error) {
    if (error instanceof WireError) return certificate;
    throw error;
  }
}

/** The same offer with other host key algorithms; of the class of the first, which alone is sent as it is. */
function offerWith(offer: Offer, serverHostKey: readonly string[]): Offer {
  const { kex, cs, sc } = offer.lists;
  const plain = ({ cipher, mac, compress, lang }: Lists) => ({
    cipher: cipher.array,
    mac: mac.array,
    compress: compress.array,
    lang: lang.array,
  });
  const OfferClass = offer.constructor as new (lists: object) => Offer;
  return new OfferClass({
    kex: kex.array,
    serverHostKey: [...serverHostKey],
    cs: plain(cs),
    sc: plain(sc),
  });
}

function protocolOf(client: Client): Protocol {
  const protocol = (client as unknown as { _protocol?: Partial<Protocol> })._protocol;
  if (protocol?._offer?.lists.serverHostKey.array === undefined || !('_kex' in protocol)) {
    throw new Error('This release of ssh2 is not the one that host certificates were added to');
  }
  return protocol as Protocol;
}
