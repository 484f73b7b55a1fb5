// GraphiQL as we serve it: no other host, nothing kept after the tab is closed, and a sign-in bar in French.
import { explorerPlugin } from "@graphiql/plugin-explorer";
import { GraphiQL } from "graphiql";
import { useCallback, useEffect, useRef, useState } from "react";
import { createRoot } from "react-dom/client";
import "graphiql/style.css";
import "@graphiql/plugin-explorer/style.css";
import "./ide.css";

const options = JSON.parse(document.getElementById("options").textContent);
const ACCEPT = "application/graphql-response+json, application/json;q=0.9";

/** In: a GraphQL request and its headers. Out: the JSON of the answer, whatever its status. */
async function post(body, headers = {}) {
  const response = await fetch(options.endpoint, {
    method: "POST",
    credentials: "omit",
    headers: { "content-type": "application/json", accept: ACCEPT, ...headers },
    body: JSON.stringify(body),
  });
  return response.json();
}

/** In: an answer and the path of a value in it. Out: the value, or undefined. */
const at = (answer, path) => path.reduce((value, key) => value?.[key], answer);

/** Out: the six digits of a demonstration account that needs some, so that nobody has to look for them. */
async function digitsOf(email) {
  const needed = options.code && options.comptes.some((each) => each.email === email && each.second_facteur);
  return needed ? (await fetch(options.code, { credentials: "omit" })).text() : null;
}

/** In: what people typed. Out: the token of a new sign-in; throws what the API said otherwise. */
async function signIn(email, password, digits) {
  const { query, chemin_jeton, chemin_messages } = options.connexion;
  const code = digits || (await digitsOf(email));
  const answer = await post({ query, variables: { email, motDePasse: password, code } });
  const token = at(answer, chemin_jeton);
  if (token) return token;
  const said = at(answer, chemin_messages) ?? answer.errors ?? [];
  throw new Error(said.map((each) => each.message).join(" ") || "Connexion refusée.");
}

// --- an identity provider: the tab that leaves keeps a verifier, and only it can use what comes back ---

const VERIFIER = "verificateur";
const base64url = (bytes) =>
  btoa(String.fromCharCode(...new Uint8Array(bytes))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

/** Go to the provider; back here afterwards. */
async function leave() {
  const verifier = base64url(crypto.getRandomValues(new Uint8Array(32)));
  sessionStorage.setItem(VERIFIER, verifier);
  const challenge = base64url(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier)));
  const asked = new URLSearchParams({ retour: location.origin + location.pathname, defi: challenge });
  location.assign(`${options.externe.depart}?${asked}`);
}

/** Out: what the provider sent this tab back with; read once, then gone from the address. */
function broughtBack() {
  const said = new URLSearchParams(location.hash.slice(1));
  if (!said.has("passage") && !said.has("erreur")) return null;
  history.replaceState(null, "", location.pathname);
  return { passage: said.get("passage"), message: said.get("message") };
}

/** In: a document of the provider's acts, and its variables. Out: the token; throws what the API said otherwise. */
async function exchange(query, variables) {
  const answer = await post({ query, variables: { ...variables, verificateur: sessionStorage.getItem(VERIFIER) } });
  const rendu = answer.data?.rendu;
  if (rendu?.jeton) return rendu.jeton;
  const said = rendu?.empechements ?? answer.errors ?? [];
  throw new Error(said.map((each) => each.message).join(" ") || "Connexion refusée.");
}

const back = options.externe && broughtBack();

function SignIn({ who, onToken }) {
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [code, setCode] = useState("");
  const [problem, setProblem] = useState(back?.message ?? "");
  const [passage, setPassage] = useState(back?.passage ?? null);
  const [busy, setBusy] = useState(false);

  const attempt = async (act) => {
    setProblem("");
    setBusy(true);
    try {
      await act();
      setPassage(null);
      setPassword("");
      setCode("");
    } catch (error) {
      setProblem(error.message);
    } finally {
      setBusy(false);
    }
  };
  const external = async () => onToken(await exchange(options.externe.echanger, { passage, code: code || null }), options.externe.nom);
  const byPassword = async () => {
    if (!passage) return onToken(await signIn(email, password, code), email);
    const given = { passage, email, motDePasse: password, code: code || (await digitsOf(email)) };
    return onToken(await exchange(options.externe.relier, given), email);
  };
  const submit = (event) => {
    event.preventDefault();
    attempt(passage && !password ? external : byPassword);
  };
  useEffect(() => {
    if (passage) attempt(external);
  }, []);
  const pick = (event) => {
    const account = options.comptes.find((each) => each.email === event.target.value);
    if (!account) return;
    setEmail(account.email);
    setPassword(account.mot_de_passe);
  };

  if (who) {
    return (
      <p className="porte" role="status">
        Connecté : <strong>{who}</strong>
        <button type="button" onClick={() => onToken(null, null)}>Se déconnecter</button>
      </p>
    );
  }
  return (
    <form className="porte" onSubmit={submit} aria-label="Se connecter">
      {options.comptes.length > 0 && (
        <label>
          Compte de démonstration
          <select defaultValue="" onChange={pick}>
            <option value="">choisir…</option>
            {options.comptes.map((each) => (
              <option key={each.email} value={each.email}>{each.nom} — {each.profil}</option>
            ))}
          </select>
        </label>
      )}
      <label>
        Adresse électronique
        <input type="email" required={!passage} autoComplete="username" value={email} onChange={(e) => setEmail(e.target.value)} />
      </label>
      <label>
        Mot de passe
        <input type="password" required={!passage} autoComplete="current-password" value={password} onChange={(e) => setPassword(e.target.value)} />
      </label>
      <label>
        Code à six chiffres, si vous en avez un
        <input inputMode="numeric" autoComplete="one-time-code" value={code} onChange={(e) => setCode(e.target.value)} />
      </label>
      <button disabled={busy}>Se connecter</button>
      {options.externe && <button type="button" disabled={busy} onClick={leave}>Se connecter avec {options.externe.nom}</button>}
      <span role="status" className="souci">{problem || "Visiteur anonyme"}</span>
    </form>
  );
}

const explorer = explorerPlugin();

function Console() {
  const token = useRef(null);
  const [who, setWho] = useState(null);
  const onToken = useCallback((value, email) => {
    token.current = value;
    setWho(email);
  }, []);
  const fetcher = useCallback((body, { headers } = {}) => {
    const own = token.current ? { authorization: `Bearer ${token.current}` } : {};
    return post(body, { ...own, ...headers });
  }, []);
  return (
    <>
      <header className="barre">
        <a href="/">Accueil</a>
        <h1>Console GraphiQL</h1>
        {options.connexion && <SignIn who={who} onToken={onToken} />}
      </header>
      <main className="atelier">
        <GraphiQL
          fetcher={fetcher}
          plugins={[explorer]}
          storage={window.sessionStorage}
          shouldPersistHeaders={false}
          defaultEditorToolsVisibility="headers"
          defaultTabs={options.exemples}
        />
      </main>
    </>
  );
}

createRoot(document.getElementById("ide")).render(<Console />);
