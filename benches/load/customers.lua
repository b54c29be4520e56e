-- Asks for customers at random: half of the requests with their explanation.
local customers = tonumber(os.getenv("CUSTOMERS") or "100000")

function init(args)
  math.randomseed(os.time() + tonumber(tostring({}):match("0x(%x+)"), 16) % 100000)
end

request = function()
  local path = "/v1/customers/" .. math.random(1, customers)
  if math.random(2) == 1 then path = path .. "/explanation" end
  return wrk.format("GET", path)
end

done = function(summary, latency, requests)
  io.write(string.format("requests/s %.0f, p50 %.1f ms, p99 %.1f ms, errors %d\n",
    summary.requests / (summary.duration / 1e6), latency:percentile(50) / 1e3,
    latency:percentile(99) / 1e3,
    summary.errors.connect + summary.errors.read + summary.errors.write
      + summary.errors.timeout + summary.errors.status))
end
