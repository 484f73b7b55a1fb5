-- Sends the requests of a file in turn: on each line a token, a tab, a body. Prints figures as JSON.
-- A document that must never have been seen has a key that ends in a number: the number goes on.
local requests, rang, serie = {}, 0, 0
local INEDIT = "jamaisVu0"

function init(args)
  serie = tonumber(args[2] or "0")
  for line in io.lines(args[1]) do
    local jeton, corps = line:match("^([^\t]*)\t(.*)$")
    local headers = { ["Content-Type"] = "application/json", ["Authorization"] = "Bearer " .. jeton }
    requests[#requests + 1] = { headers, corps, corps:find(INEDIT, 1, true), wrk.format("POST", nil, headers, corps) }
  end
end

function request()
  rang = rang % #requests + 1
  local r = requests[rang]
  if not r[3] then return r[4] end
  serie = serie + 1
  return wrk.format("POST", nil, r[1], (r[2]:gsub(INEDIT, "jamaisVu" .. serie)))
end

function done(summary, latency)
  local e = summary.errors
  io.write(string.format(
    '\nBANC {"requetes": %d, "secondes": %.6f, "erreurs": %d, "p50": %.4f, "p99": %.4f}\n',
    summary.requests, summary.duration / 1e6, e.connect + e.read + e.write + e.status + e.timeout,
    latency:percentile(50) / 1e3, latency:percentile(99) / 1e3))
end
