-- M1: create a candidature for a candidat that has none, then validate it, as soon as its identifier is known.
-- Arguments: a file (on each line a token, a tab, a session), the first candidat, the two documents, the form.
-- Who created a draft is told by its text: a N2 validates what it wrote itself.
local membres, attente, tete, derniere = {}, {}, 1, 0
local creer, valider, formulaire, fil
prochain, rates = 0, 0  -- global: read from the thread at the end
local LETTRES = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

local function base64(texte)
  local out = {}
  for i = 1, #texte, 3 do
    local a, b, c = texte:byte(i, i + 2)
    local n = a * 65536 + (b or 0) * 256 + (c or 0)
    for k = 0, 3 do
      local place = math.floor(n / 64 ^ (3 - k)) % 64 + 1
      out[#out + 1] = (k == 2 and not b or k == 3 and not c) and "=" or LETTRES:sub(place, place)
    end
  end
  return table.concat(out)
end

function setup(thread)
  fil = thread
end

function init(args)
  for line in io.lines(args[1]) do
    local jeton, session = line:match("^([^\t]*)\t(.*)$")
    local headers = { ["Content-Type"] = "application/json", ["Authorization"] = "Bearer " .. jeton }
    membres[#membres + 1] = { headers = headers, session = session }
  end
  prochain, creer, valider, formulaire = tonumber(args[2]), args[3], args[4], args[5]
end

function request()
  local en_attente = attente[tete]
  if en_attente then
    attente[tete], tete = nil, tete + 1
    local corps = '{"query":' .. valider .. ',"operationName":"Valider","variables":{"candidature":"' .. en_attente.id .. '"}}'
    return wrk.format("POST", nil, membres[en_attente.membre].headers, corps)
  end
  local numero = prochain % #membres + 1
  local membre = membres[numero]
  local corps = '{"query":' .. creer .. ',"operationName":"Creer","variables":{"entree":{"session":"' .. membre.session
    .. '","candidat":"' .. base64("Candidat:" .. prochain) .. '","situation":"Membre ' .. numero .. '",' .. formulaire .. "}}}"
  prochain = prochain + 1
  return wrk.format("POST", nil, membre.headers, corps)
end

function response(status, headers, body)
  local id = body:match('"id" ?: ?"([^"]+)"')
  local membre = body:match('"situation" ?: ?"Membre (%d+)"')
  if id and membre then
    derniere = derniere + 1
    attente[derniere] = { id = id, membre = tonumber(membre) }
  elseif not body:upper():find('"EN_ATTENTE_AVIS"', 1, true) then
    rates = rates + 1
  end
end

function done(summary, latency)
  local e = summary.errors
  local rates, prochain = fil:get("rates") or 0, fil:get("prochain") or 0
  io.write(string.format(
    '\nBANC {"requetes": %d, "secondes": %.6f, "erreurs": %d, "p50": %.4f, "p99": %.4f, "prochain": %d}\n',
    summary.requests, summary.duration / 1e6, e.connect + e.read + e.write + e.status + e.timeout + rates,
    latency:percentile(50) / 1e3, latency:percentile(99) / 1e3, prochain))
end
