// Reads one request as JSON from standard input, lets @sd-jwt/sd-jwt-vc do it, writes one answer as JSON.
// Nothing of the credential rules is repeated here: keys, hashes and fetched status lists come in, the library decides.
import { ES256, digest, generateSalt } from '@sd-jwt/crypto-nodejs';
import { SDJwtVcInstance } from '@sd-jwt/sd-jwt-vc';

const COMMON = { hasher: digest, hashAlg: 'sha-256', saltGenerator: generateSalt };

async function verify({ presentation, issuer_jwk, nonce, status_lists, now }) {
  const library = new SDJwtVcInstance({
    ...COMMON,
    verifier: await ES256.getVerifier(issuer_jwk),
    kbVerifier: async (data, signature, payload) => (await ES256.getVerifier(payload.cnf.jwk))(data, signature),
    statusListFetcher: async (uri) => {
      if (!Object.hasOwn(status_lists, uri)) throw new Error(`no status list was handed over for ${uri}`);
      return status_lists[uri];
    },
  });
  const options = { currentDate: now };
  if (nonce !== null) options.keyBindingNonce = nonce;
  const { payload, kb } = await library.verify(presentation, options);
  return { claims: payload, key_binding: kb ? kb.payload : null };
}

async function issue({ claims, disclosable, issuer_jwk, header }) {
  const library = new SDJwtVcInstance({ ...COMMON, signer: await ES256.getSigner(issuer_jwk), signAlg: 'ES256' });
  return { credential: await library.issue(claims, { _sd: disclosable }, { header }) };
}

async function present({ credential, disclose, holder_jwk, audience, nonce, now }) {
  const library = new SDJwtVcInstance({ ...COMMON, kbSigner: await ES256.getSigner(holder_jwk), kbSignAlg: 'ES256' });
  const frame = Object.fromEntries(disclose.map((name) => [name, true]));
  const payload = { iat: now, aud: audience, nonce };
  return { presentation: await library.present(credential, frame, { kb: { payload } }) };
}

const VERBS = { verify, issue, present };
const chunks = [];
for await (const chunk of process.stdin) chunks.push(chunk);
const { verb, ...request } = JSON.parse(Buffer.concat(chunks).toString('utf8'));
try {
  process.stdout.write(JSON.stringify({ done: await VERBS[verb](request) }));
} catch (error) {
  process.stdout.write(JSON.stringify({ refused: `${error.name}: ${error.message}` }));
}
