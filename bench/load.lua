-- Load for wrk: one page again and again, or the requests of a file in turn, at a pace if one is asked for.
-- Arguments after `--`: the file, or "-"; requests a second in all, or 0 for as many as are answered.
-- A line of the file: method, path, cookies and body, with a tab between them.
local ffi = require("ffi")
ffi.cdef [[
typedef struct { long seconds; long millionths; } moment;
int gettimeofday(moment *now, void *zone);
]]
local now = ffi.new("moment")
local requests, turn, pace, due = {}, 0, 0, 0

local function milliseconds()
   ffi.C.gettimeofday(now, nil)
   return tonumber(now.seconds) * 1000 + tonumber(now.millionths) / 1000
end

function init(arguments)
   pace = tonumber(arguments[2])
   if arguments[1] ~= "-" then
      for line in io.lines(arguments[1]) do
         local method, path, cookies, body = line:match("^(.-)\t(.-)\t(.-)\t(.*)$")
         local headers = { ["Cookie"] = cookies, ["Content-Type"] = "application/x-www-form-urlencoded" }
         if cookies == "" then headers["Cookie"] = nil end
         if body:sub(1, 1) == "{" then headers["Content-Type"] = "application/json" end
         headers["X-Forwarded-For"] = "10." .. math.random(1, 250) .. "." .. math.random(1, 250) .. ".1"
         requests[#requests + 1] = wrk.format(method, path, headers, body)
      end
   else
      requests[1] = wrk.format()
   end
   -- What is not asked for must not be there: wrk takes even an empty function for a wish.
   if pace == 0 then delay = nil end
   if arguments[1] == "-" then
      request = nil
   end
end

function request()
   turn = turn + 1
   if turn > #requests then
      wrk.thread:stop()
      return requests[#requests]
   end
   return requests[turn]
end

function delay()
   local moment = milliseconds()
   if due == 0 then due = moment end
   local ahead = due - moment
   due = due + 1000 / pace
   return ahead > 0 and ahead or 0
end

function done(summary, latency)
   io.write(string.format(
      '@@{"requests": %d, "microseconds": %d, "p50": %.3f, "p99": %.3f, "longest": %.3f, "refused": %d, "broken": %d}\n',
      summary.requests, summary.duration, latency:percentile(50) / 1000, latency:percentile(99) / 1000,
      latency.max / 1000, summary.errors.status,
      summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout))
end
