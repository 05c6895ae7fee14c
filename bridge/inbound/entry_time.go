package inbound

import "github.com/tidwall/gjson"

// entryTimes tells two account events apart that read alike: it is the time of the entry that each change of a webhook came in, by
// the change's value. A webhook that comes again has the same times.
type entryTimes map[string]string

// readEntryTimes reads the times of a body that has been parsed before; entries without one are left out.
func readEntryTimes(body []byte) entryTimes {
	times := entryTimes{}
	gjson.GetBytes(body, "entry").ForEach(func(_, entry gjson.Result) bool {
		at := entry.Get("time").Raw
		if at == "" {
			return true
		}
		entry.Get("changes").ForEach(func(_, change gjson.Result) bool {
			times[change.Get("value").Raw] += at + " "
			return true
		})
		return true
	})
	return times
}
