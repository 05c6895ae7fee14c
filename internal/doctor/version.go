package doctor

import (
	"fmt"
	"regexp"
	"time"
)

// newestVersion is the newest version of the Graph API that this table knows, and the one that is the default.
const newestVersion = "v26.0"

// versionForm is how versions are written.
var versionForm = regexp.MustCompile(`^v\d+\.\d+$`)

// ends tells until when Meta answers versions of the Graph API.
// Source: https://developers.facebook.com/docs/graph-api/changelog.
func ends() map[string]time.Time {
	day := func(year int, month time.Month, day int) time.Time {
		return time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
	}
	return map[string]time.Time{
		newestVersion: {}, // not told yet
		"v25.0":       day(2028, time.July, 29),
		"v24.0":       day(2028, time.February, 18),
		"v23.0":       day(2027, time.October, 8),
		"v22.0":       day(2027, time.May, 20),
		"v21.0":       day(2027, time.January, 21),
		"v20.0":       day(2026, time.September, 24),
	}
}

// soon is how long before its end a version is warned about.
const soon = 90 * 24 * time.Hour

// version looks at the version of the Graph API.
func (c Config) version(s *sheet) {
	const check, mend = "api_version", "set PONTE_WHATSAPP_API_VERSION to " + newestVersion
	v := c.WhatsAppAPIVersion
	end, known := ends()[v]
	switch left := end.Sub(c.Now()); {
	case !versionForm.MatchString(v):
		s.wrong(check, "PONTE_WHATSAPP_API_VERSION is no version such as "+newestVersion, mend)
	case !known:
		s.warn(check, fmt.Sprintf("the version %s of the Graph API is not known to this version of Ponte", v), mend)
	case end.IsZero() || left > soon:
		s.ok(check, fmt.Sprintf("the version %s of the Graph API is in use", v))
	case left <= 0:
		s.wrong(check, fmt.Sprintf("Meta switched the version %s of the Graph API off on %s", v, end.Format(time.DateOnly)), mend)
	default:
		s.warn(check, fmt.Sprintf("Meta switches the version %s of the Graph API off on %s", v, end.Format(time.DateOnly)), mend)
	}
}
