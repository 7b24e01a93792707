// Passkeys on forms with data-passkey="<purpose>": asks the server for a challenge, the device for an answer, puts the
// answer into the form's field "passkey", and sends the form. Without script those forms go by the passphrase.
const CHALLENGES = "/api/v1/passkeys/challenges";

const toBytes = (text) =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));

const toText = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

const descriptors = (list) => (list ?? []).map((each) => ({ ...each, id: toBytes(each.id) }));

function fromJson(options) {
  const read = { ...options, challenge: toBytes(options.challenge) };
  if (options.user) read.user = { ...options.user, id: toBytes(options.user.id) };
  read.excludeCredentials = descriptors(options.excludeCredentials);
  read.allowCredentials = descriptors(options.allowCredentials);
  read.extensions = { prf: { eval: { first: toBytes(options.extensions.prf.eval.first) } } };
  return read;
}

// The answer without what the extensions gave: the key goes beside it, in a member of its own.
function toJson(credential) {
  const { response } = credential;
  const said = { clientDataJSON: toText(response.clientDataJSON) };
  for (const name of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (response[name]) said[name] = toText(response[name]);
  }
  if (response.attestationObject) {
    said.transports = response.getTransports?.() ?? [];
    delete said.authenticatorData;
  }
  return { id: credential.id, rawId: toText(credential.rawId), type: credential.type, response: said };
}

const keyOf = (credential) => credential.getClientExtensionResults().prf?.results?.first;

// Some devices give their key only when a passkey is used: it is used once, for nothing but that.
async function keyOfNew(credential, options) {
  const key = keyOf(credential);
  if (key || !credential.getClientExtensionResults().prf?.enabled) return key;
  const used = await navigator.credentials.get({
    publicKey: {
      challenge: crypto.getRandomValues(new Uint8Array(32)),
      rpId: options.rp.id,
      allowCredentials: [{ type: "public-key", id: credential.rawId }],
      userVerification: "required",
      extensions: options.extensions,
    },
  });
  return keyOf(used);
}

async function challenge(form) {
  const said = { purpose: form.dataset.passkey };
  if (form.dataset.about) said.name = form.querySelector(form.dataset.about).value;
  if (form.dataset.request) said.request = form.dataset.request;
  const answer = await fetch(CHALLENGES, {
    method: "POST",
    body: JSON.stringify(said),
    headers: {
      "Content-Type": "application/json",
      "X-CSRF-Token": form.querySelector("[name=csrf]").value,
      Accept: "application/json",
    },
  });
  const body = await answer.json();
  if (!answer.ok) throw Object.assign(new Error(body.detail), { told: body.detail });
  return fromJson(body.publicKey);
}

async function ask(form) {
  const options = await challenge(form);
  if (!options.user) {
    const used = await navigator.credentials.get({ publicKey: options });
    return [used, keyOf(used)];
  }
  const made = await navigator.credentials.create({ publicKey: options });
  return [made, await keyOfNew(made, options)];
}

function put(form, credential, key) {
  const field = form.querySelector("[name=passkey]");
  field.value = JSON.stringify({ credential: toJson(credential), ...(key ? { key: toText(key) } : {}) });
}

// A device without a key of its own can say who is there; the passphrase then locks the wallet.
function askForPassphrase(form, says) {
  form.querySelectorAll("[data-with-passkey], [data-passkey-part]").forEach((part) => { part.hidden = true; });
  says.textContent = says.dataset.withoutKey;
  form.querySelector("[type=password]").focus();
}

async function go(form, says) {
  says.textContent = says.dataset.waiting;
  const [credential, key] = await ask(form);
  put(form, credential, key);
  if (form.dataset.passkey === "sign_up" && !key) {
    askForPassphrase(form, says);
    return;
  }
  form.querySelectorAll("[type=password]").forEach((field) => { field.disabled = true; });
  if (form.dataset.to) form.action = form.dataset.to;
  form.submit();
}

function prepare(form) {
  const part = form.querySelector("[data-passkey-part]");
  const says = form.querySelector("[data-waiting]");
  const words = { NotAllowedError: says.dataset.cancelled, InvalidStateError: says.dataset.known };
  part.hidden = false;
  part.querySelector("button").addEventListener("click", async (event) => {
    const needed = form.dataset.about && form.querySelector(form.dataset.about);
    if (needed && !needed.reportValidity()) return;
    event.currentTarget.disabled = true;
    try {
      await go(form, says);
    } catch (refusal) {
      says.textContent = refusal.told ?? words[refusal.name] ?? says.dataset.failed;
    }
    part.querySelector("button").disabled = false;
  });
}

if (window.PublicKeyCredential && window.isSecureContext) {
  document.querySelectorAll("form[data-passkey]").forEach(prepare);
}
document.querySelectorAll("[data-print]").forEach((button) => {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
});
