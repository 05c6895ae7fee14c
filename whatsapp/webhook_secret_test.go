package whatsapp_test

import (
	"strings"
	"testing"

	"github.com/ponte-desk/ponte/whatsapp"
)

func TestVerifyHeader(t *testing.T) {
	t.Parallel()
	both := []string{"old-secret", "new-secret"}
	for name, test := range map[string]struct {
		secrets []string
		header  string
		want    bool
	}{
		"plain":                    {both, "new-secret", true},
		"the other":                {both, "old-secret", true},
		"bearer":                   {both, "Bearer new-secret", true},
		"bearer, in small letters": {both, "bearer  new-secret", true},
		"wrong":                    {both, "new-secret2", false},
		"beginning":                {both, "new-secre", false},
		"other case":               {both, "New-Secret", false},
		"wrong scheme":             {both, "Basic new-secret", false},
		"twice":                    {both, "Bearer Bearer new-secret", false},
		"no header":                {both, "", false},
		"bearer of nothing":        {both, "Bearer ", false},
		"no secrets":               {nil, "new-secret", false},
		"no secrets, no header":    {nil, "", false},
		"empty secret":             {[]string{""}, "", false},
		"empty secret, bearer":     {[]string{""}, "Bearer ", false},
		"empty beside a good one":  {[]string{"", "new-secret"}, "new-secret", true},
		"secret like a scheme":     {[]string{"Bearer x"}, "Bearer x", true},
		"long":                     {[]string{strings.Repeat("s", 1<<16)}, "Bearer " + strings.Repeat("s", 1<<16), true},
		"same secret twice":        {[]string{"s", "s"}, "s", true},
	} {
		if got := whatsapp.VerifyHeader(test.secrets, test.header); got != test.want {
			t.Errorf("%s: got %v", name, got)
		}
	}
}
