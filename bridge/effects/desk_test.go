package effects_test

import (
	"context"
	"testing"
	"time"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/zendesk"
)

// views shows what they hold, and remembers what was asked.
type views struct {
	seen conversation.DeskSeen
	err  error
	asks []conversation.DeskLook
}

func (v *views) Look(_ context.Context, l conversation.DeskLook) (conversation.DeskSeen, error) {
	v.asks = append(v.asks, l)
	return v.seen, v.err
}

// What the desk looks at is read from the views alone.
func TestDesk(t *testing.T) {
	t.Parallel()
	r := setup(t)
	look := conversation.DeskLook{Queues: []string{"Suporte N1"}, Agents: []int64{31}, Most: 50}
	p := conversation.Pending{Effect: conversation.Effect{ID: "1", Kind: conversation.EffectDesk, Desk: &look}}
	r.views.seen = conversation.DeskSeen{
		Queues: map[string][]conversation.Waiting{"Suporte N1": {{Thread: thread, Since: at(0), First: true}}}, Loads: map[int64]int{31: 2},
	}
	got := r.done(r.tryAs(conversation.DeskKey, conversation.Thread{}, p))
	r.same("seen", got.Desk, &r.views.seen)
	r.same("asked", r.views.asks, []conversation.DeskLook{look})
	r.same("calls", r.desk.calls(), []string{})
	r.views.err = errBroken
	got = r.tryAs(conversation.DeskKey, conversation.Thread{}, p)
	r.same("without views", got.Outcome, conversation.Later)
}

const (
	staffRoute    = "GET /api/v2/users/31"
	ofGroupsRoute = "GET /api/v2/users/31/groups"
)

// An agent is who Zendesk says works there, with the groups that are not deleted.
func TestAgent(t *testing.T) {
	t.Parallel()
	const groups = `{"groups":[{"id":61,"name":"Suporte N1"},{"id":62,"name":"Velho","deleted":true},{"id":63,"name":"Financeiro"}],"meta":{"has_more":false}}`
	p := conversation.Pending{Effect: conversation.Effect{ID: "5", Kind: conversation.EffectAgent, Agent: 31}}
	try := func(r *rig) conversation.Result { return r.tryAs(conversation.DeskKey, conversation.Thread{}, p) }
	for _, tt := range []struct {
		name, user string
		status     int
		want       conversation.AgentSeen
		calls      []string
	}{
		{
			"an agent", `{"user":{"id":31,"name":"Ana","role":"agent","active":true}}`, 200,
			conversation.AgentSeen{ID: 31, Name: "Ana", Groups: []conversation.Group{{ID: 61, Name: "Suporte N1"}, {ID: 63, Name: "Financeiro"}}},
			[]string{staffRoute, ofGroupsRoute},
		},
		{
			"an admin", `{"user":{"id":31,"name":"Rui","role":"admin","active":true}}`, 200,
			conversation.AgentSeen{ID: 31, Name: "Rui", Groups: []conversation.Group{{ID: 61, Name: "Suporte N1"}, {ID: 63, Name: "Financeiro"}}},
			[]string{staffRoute, ofGroupsRoute},
		},
		{"a customer", `{"user":{"id":31,"name":"Eva","role":"end-user","active":true}}`, 200, conversation.AgentSeen{ID: 31, Name: "Eva", Gone: true}, []string{staffRoute}},
		{"suspended", `{"user":{"id":31,"name":"Ana","role":"agent","active":true,"suspended":true}}`, 200, conversation.AgentSeen{ID: 31, Name: "Ana", Gone: true}, []string{staffRoute}},
		{"deleted", `{"user":{"id":31,"name":"Ana","role":"agent","active":false}}`, 200, conversation.AgentSeen{ID: 31, Name: "Ana", Gone: true}, []string{staffRoute}},
		{"nobody", `{"error":"RecordNotFound"}`, 404, conversation.AgentSeen{ID: 31, Gone: true}, []string{staffRoute}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := setup(t)
			r.desk.on(staffRoute, says(tt.status, tt.user))
			r.desk.on(ofGroupsRoute, says(200, groups))
			r.same("seen", r.done(try(r)).Agent, &tt.want)
			r.same("calls", r.desk.calls(), tt.calls)
			r.same("asked", r.budget.asks, []ask{{conversation.DeskKey + "#5", zendesk.LanePeople, zendesk.Cost{Requests: 2}}})
		})
	}
	t.Run("gone meanwhile", func(t *testing.T) {
		t.Parallel()
		r := setup(t)
		r.desk.on(staffRoute, says(200, `{"user":{"id":31,"name":"Ana","role":"agent","active":true}}`))
		r.desk.on(ofGroupsRoute, says(404, `{"error":"RecordNotFound"}`))
		r.same("seen", r.done(try(r)).Agent, &conversation.AgentSeen{ID: 31, Gone: true})
	})
	t.Run("later", func(t *testing.T) {
		t.Parallel()
		r := setup(t)
		r.desk.on(staffRoute, says(503, `{}`))
		got := try(r)
		r.same("while zendesk is down", []any{got.Outcome, got.Agent == nil}, []any{conversation.Later, true})
		r.budget.at = at(60)
		got = try(r)
		r.same("while the budget is empty", []any{got.Outcome, got.NotBefore.Equal(at(60)), got.Free}, []any{conversation.Later, true, true})
		r.budget.at = r.now.Add(-time.Second)
		r.desk.on(staffRoute, says(422, `{"error":"x"}`))
		r.same("refused for good", try(r).Outcome, conversation.Failed)
	})
}
