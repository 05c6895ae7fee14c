package macros_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ponte-desk/ponte/macros"
)

func TestRoles(t *testing.T) {
	t.Parallel()
	required := map[macros.Role]bool{}
	titles := map[string]bool{}
	for _, r := range macros.Roles() {
		if _, twice := required[r.Role]; twice || titles[macros.Normal(r.Title)] || r.Role == "" || r.Title == "" {
			t.Errorf("role %+v is empty or listed twice", r)
		}
		required[r.Role] = r.Required
		titles[macros.Normal(r.Title)] = true
	}
	want := map[macros.Role]bool{
		macros.Closing: true, macros.N2: true, macros.FinancialPending: true, macros.Transfer: false,
		macros.AuditNotAssumed: false, macros.AuditClientAbandonment: false, macros.AuditAgentAbandonment: false,
		macros.AuditAfterHours: false, macros.AuditAgentUnavailable: false, macros.AuditWrongTitle: false,
	}
	if diff := cmp.Diff(want, required); diff != "" {
		t.Errorf("roles (-want +got):\n%s", diff)
	}
}
