package settings_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/ponte-desk/ponte/bridge/settings"
)

func TestDefaultAccess(t *testing.T) {
	t.Parallel()
	same(t, "access", settings.DefaultOperation().Account.Access, settings.Access{Segmented: true})
	same(t, "access of a file that does not tell", decode(t, "account: {agent_limit: 3}").Account.Access, settings.Access{Segmented: true})
}

func TestAccess(t *testing.T) {
	t.Parallel()
	o := decode(t, `account:
  access:
    agents: [Suporte N1, "62"]
    supervisors: [Líderes]
    segmented_views: false
`)
	want := settings.Access{Agents: []string{"Suporte N1", "62"}, Supervisors: []string{"Líderes"}}
	same(t, "access", o.Account.Access, want)
	file := encode(t, o)
	for _, words := range []string{
		"\n  # Who may do what in the app.", "\n  access:\n    # The groups whose members may work; [] = every agent who is in a group.\n    agents: [\"Suporte N1\", \"62\"]\n",
		"    supervisors: [Líderes]\n", "    segmented_views: false\n",
	} {
		if !strings.Contains(file, words) {
			t.Errorf("the file lacks %q:\n%s", words, file)
		}
	}
	same(t, "read again", decode(t, file).Account.Access, want)
}

func TestAccessMistakes(t *testing.T) {
	t.Parallel()
	many := make([]string, 101)
	for i := range many {
		many[i] = fmt.Sprint(i)
	}
	for name, tt := range map[string]struct {
		access settings.Access
		want   string
	}{
		"an empty group":  {settings.Access{Agents: []string{"Suporte N1", ""}}, "account.access.agents: has an empty entry"},
		"a blank group":   {settings.Access{Agents: []string{" "}}, "account.access.agents: entry 1 is empty"},
		"a long group":    {settings.Access{Supervisors: []string{"a", strings.Repeat("a", 101)}}, "account.access.supervisors: entry 2 is longer than 100 characters"},
		"two lines":       {settings.Access{Agents: []string{"a\nb"}}, "account.access.agents: entry 1 holds a line break"},
		"a group twice":   {settings.Access{Supervisors: []string{"Líderes", "LÍDERES"}}, `account.access.supervisors: has "LÍDERES" twice`},
		"too many groups": {settings.Access{Agents: many}, "account.access.agents: has 101 entries, at most 100 are possible"},
	} {
		o := settings.DefaultOperation()
		o.Account.Access = tt.access
		if err := o.Validate(); err == nil || err.Error() != tt.want {
			t.Errorf("%s: %v; want %s", name, err, tt.want)
		}
	}
	_, err := settings.Decode([]byte("account:\n  access: {agents: Suporte N1, segmented_views: talvez, admins: [a]}\n"))
	if err == nil || strings.Count(err.Error(), "\n") != 2 {
		t.Errorf("mistakes of a file: %v", err)
	}
}
