// Reads one request as JSON from standard input, lets EBSI's own libraries do it, writes one answer as JSON.
// They fetch from the registry that they are pointed to; nothing of EBSI's rules is repeated here.
import { getResolver } from '@cef-ebsi/ebsi-did-resolver';
import { createVerifiableCredentialJwt, verifyCredentialJwt } from '@cef-ebsi/verifiable-credential';
import { Resolver } from 'did-resolver';

async function resolve({ base, did, accept }) {
  const resolver = new Resolver(getResolver({ registry: `${base}/did-registry/v5/identifiers` }));
  return resolver.resolve(did, accept ? { accept } : {});
}

function environment(base) {
  const host = new URL(base).host;
  return {
    ebsiAuthority: host,
    ebsiEnvConfig: {
      didRegistry: `${base}/did-registry/v5/identifiers`,
      trustedIssuersRegistry: `${base}/trusted-issuers-registry/v5/issuers`,
      trustedPoliciesRegistry: `${base}/trusted-policies-registry/v3/users`,
    },
    trustedHostnames: [host, new URL(base).hostname],
  };
}

async function verify({ base, credential, options }) {
  return verifyCredentialJwt(credential, { ...environment(base), ...options });
}

async function issue({ base, payload, issuer }) {
  return createVerifiableCredentialJwt(payload, issuer, environment(base));
}

const VERBS = { resolve, verify, issue };
const chunks = [];
for await (const chunk of process.stdin) chunks.push(chunk);
const { verb, ...request } = JSON.parse(Buffer.concat(chunks).toString('utf8'));
try {
  process.stdout.write(JSON.stringify({ done: await VERBS[verb](request) }));
} catch (error) {
  const told = error.validationErrors ? ` ${JSON.stringify(error.validationErrors)}` : '';
  process.stdout.write(JSON.stringify({ refused: `${error.name}: ${error.message}${told}` }));
}
