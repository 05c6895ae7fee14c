package effects_test

import (
	"context"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/zendesk"
)

func finding(ticket int64) conversation.Pending {
	return conversation.Pending{Effect: conversation.Effect{ID: "8", Kind: conversation.EffectFind, Hint: &conversation.Hint{Ticket: ticket}}}
}

// TestFind is where a ticket stands: by the configured field, else by its due date.
func TestFind(t *testing.T) {
	t.Parallel()
	looked := []string{showRoute, fieldsRoute}
	dated := func(value string) object { return object{"custom_fields": []any{object{"id": 503, "value": value}}} }
	tests := []struct {
		name   string
		ticket object
		want   string // expected
		calls  []string
	}{
		{"by the field", dated("2026-12-01"), "2026-12-01", looked},
		{"by the field with a time", dated("2026-12-01T10:00:00Z"), "2026-12-01", looked},
		{"the field counts more", object{"custom_fields": []any{object{"id": 503, "value": "2026-12-01"}}, "due_at": "2026-12-24T12:00:00Z"}, "2026-12-01", looked},
		{"due, in the operation's zone", object{"due_at": "2026-12-25T02:59:59Z"}, "2026-12-24", looked},
		{"an empty field", object{"custom_fields": []any{object{"id": 503, "value": nil}}, "due_at": "2026-12-24T12:00:00Z"}, "2026-12-24", looked},
		{"a field that is no date", dated("Terça-feira"), "", looked},
		{"another field", object{"custom_fields": []any{object{"id": 504, "value": "2026-12-01"}}}, "", looked},
		{"nothing", nil, "", looked},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := procedural(t)
			r.desk.on(showRoute, says(200, ticketOf(tt.ticket)))
			got := r.done(r.try(open(), finding(11)))
			r.same("position", got.Position, &conversation.Position{Ticket: 11, Found: true, Status: "open", Organization: 40, Expected: tt.want})
			r.same("calls", r.desk.calls(), tt.calls)
			r.same("asked", r.budget.asks, []ask{{thread + "#8", zendesk.LanePeople, zendesk.Cost{Requests: 1}}})
		})
	}
	t.Run("no field is configured", func(t *testing.T) {
		t.Parallel()
		r := setup(t)
		r.desk.on(showRoute, says(200, ticketOf(nil)))
		r.same("expected", r.done(r.try(open(), finding(11))).Position.Expected, "")
		r.same("calls", r.desk.calls(), []string{showRoute})
	})
	t.Run("the fields are not to be had", func(t *testing.T) {
		t.Parallel()
		r := procedural(t)
		r.desk.on(fieldsRoute, says(500, `{}`))
		r.desk.on(showRoute, says(200, ticketOf(object{"due_at": "2026-12-24T12:00:00Z"})))
		r.same("expected", r.done(r.try(open(), finding(11))).Position.Expected, "2026-12-24")
	})
	for _, status := range []int{404, 410} {
		t.Run("deleted", func(t *testing.T) {
			t.Parallel()
			r := procedural(t)
			r.desk.on(showRoute, says(status, `{"error":"RecordNotFound"}`))
			r.same("position", r.done(r.try(open(), finding(11))).Position, &conversation.Position{Ticket: 11})
			r.same("calls", r.desk.calls(), []string{showRoute})
		})
	}
	for name, answer := range map[string]http.HandlerFunc{"server": says(503, `{}`), "cut": cut} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := procedural(t)
			r.desk.on(showRoute, answer)
			r.later(r.try(open(), finding(11)), 800*time.Millisecond, time.Second)
		})
	}
	t.Run("for good", func(t *testing.T) {
		t.Parallel()
		r := procedural(t)
		r.desk.on(showRoute, says(400, `{}`))
		r.failed(r.try(open(), finding(11)), "")
	})
	t.Run("budget", func(t *testing.T) {
		t.Parallel()
		r := procedural(t)
		r.budget.at = at(5)
		r.later(r.try(open(), finding(11)), 5*time.Second, 5*time.Second)
		r.silent()
	})
}

// count is how often a route was asked.
func (r *rig) count(route string) int {
	n := 0
	for _, call := range r.desk.calls() {
		if call == route {
			n++
		}
	}
	return n
}

// TestDirectoryAges wants a list to be good for an hour, and for a minute only where something is not in it.
func TestDirectoryAges(t *testing.T) {
	t.Parallel()
	r := procedural(t)
	r.desk.on(updateRoute, says(200, ticketOf(nil)))
	group := func(name string, notes ...string) {
		t.Helper()
		got := r.done(r.try(known(), changing(conversation.Change{Group: name, Status: "open"})))
		r.same("left", got.Notes, notes)
	}
	vendas := "grupo “Vendas”"
	for _, step := range []struct {
		at    time.Duration
		group string
		left  []string
		reads int
	}{
		{0, "Suporte N1", nil, 1},
		{59*time.Minute + 59*time.Second, "Suporte N2", nil, 1},
		{time.Hour, "Suporte N1", nil, 2},
		{time.Hour + 59*time.Second, "Vendas", []string{vendas}, 2}, // it was read within the minute
		{time.Hour + time.Minute, "Vendas", []string{vendas}, 3},
		{time.Hour + 61*time.Second, "Vendas", []string{vendas}, 3},
		{time.Hour + 2*time.Minute, "Suporte N1", nil, 3},
	} {
		r.now = at(step.at.Seconds())
		group(step.group, step.left...)
		r.same("readings", r.count(groupsRoute), step.reads)
	}
	r.desk.on(groupsRoute, says(200, `{"groups":[{"id":72,"name":"Vendas"}],"meta":{"has_more":false}}`))
	r.now = at((time.Hour + 3*time.Minute).Seconds())
	group("Vendas")
	r.same("readings", r.count(groupsRoute), 4)
	r.same("group", r.written("PUT")["group_id"], any(72.0))
}

// TestDirectoryFailures wants a failed reading not to be kept, and not to take away what was read before.
func TestDirectoryFailures(t *testing.T) {
	t.Parallel()
	r := procedural(t)
	r.desk.on(updateRoute, says(200, ticketOf(nil)))
	r.desk.on(groupsRoute, says(403, `{}`), says(403, `{}`), says(200, groupsAnswer), says(403, `{}`))
	p := changing(conversation.Change{Group: "Suporte N1"})
	for range 2 {
		r.later(r.try(known(), p), time.Minute, time.Minute)
	}
	r.done(r.try(known(), p))
	r.now = at(600)
	r.done(r.try(known(), p))
	r.same("readings", r.count(groupsRoute), 3)
	r.later(r.try(known(), changing(conversation.Change{Group: "Vendas"})), time.Minute, time.Minute)
	r.done(r.try(known(), p)) // what is in the list is still known
	r.same("readings", r.count(groupsRoute), 4)
}

// TestDirectoryOfMany wants many at once to cost one reading.
func TestDirectoryOfMany(t *testing.T) {
	t.Parallel()
	r := procedural(t)
	r.desk.on(showRoute, says(200, ticketOf(nil)))
	a := conversation.Attempt{Key: thread, Thread: open(), Pending: finding(11)}
	r.perform.Budget = free{}
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() { r.perform.Perform(t.Context(), a, r.set, nil) })
	}
	wg.Wait()
	r.same("readings", r.count(fieldsRoute), 1)
}

// free is a budget without limits.
type free struct{}

func (free) Reserve(context.Context, string, zendesk.Lane, zendesk.Cost) (time.Time, error) {
	return at(0), nil
}

func (free) Observe(context.Context, zendesk.Limits) {}

// TestAgentNames wants an agent's name to be looked up once, and nobody else's to be told.
func TestAgentNames(t *testing.T) {
	t.Parallel()
	r := conflicting(t)
	for range 3 {
		metEdited(r, r.try(known(), changing(conversation.Change{Status: "solved"})))
	}
	r.same("look-ups", r.count("GET /api/v2/users/9"), 1)
}

// TestPullTells wants what somebody did to the ticket to be told with names, and the ticket to be read only where the hint is not enough.
func TestPullTells(t *testing.T) {
	t.Parallel()
	group, same := int64(71), int64(70)
	const rui = "GET /api/v2/users/9"
	tests := []struct {
		name  string
		hint  conversation.Hint
		calls []string
		want  func(f *conversation.Facts)
	}{
		{"the hint is enough", conversation.Hint{Status: "open", UpdatedAt: at(-5), Facts: conversation.Facts{Group: &group}}, []string{groupsRoute, commentsRoute}, func(f *conversation.Facts) {
			*f = conversation.Facts{Status: "open", Group: &group, GroupName: "Suporte N2"}
		}},
		{"nothing new", conversation.Hint{Status: "open", UpdatedAt: at(-5), Facts: conversation.Facts{Group: &same}}, []string{commentsRoute}, func(f *conversation.Facts) {
			*f = conversation.Facts{Status: "open", Group: &same}
		}},
		{"of our own write", conversation.Hint{UpdatedAt: at(-30)}, []string{commentsRoute}, func(f *conversation.Facts) { *f = conversation.Facts{} }},
		{
			"as old as our own write, and otherwise",
			conversation.Hint{Status: "open", UpdatedAt: at(-30), Facts: conversation.Facts{Group: &group}},
			[]string{showRoute, groupsRoute, rui, commentsRoute},
			func(*conversation.Facts) {},
		},
		{"without a status", conversation.Hint{UpdatedAt: at(-5)}, []string{showRoute, groupsRoute, rui, commentsRoute}, func(*conversation.Facts) {}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := conflicting(t)
			r.desk.on(commentsRoute, says(200, replies))
			tt.hint.Ticket = 11
			p := pull("")
			p.Effect.Hint = &tt.hint
			got := r.done(r.try(known(), p)).Pulled
			assignee := int64(9)
			want := factsOf()
			want.Group, want.Assignee, want.GroupName, want.AssigneeName = &group, &assignee, "Suporte N2", "Rui"
			tt.want(&want)
			r.same("facts", got.Facts, want)
			r.same("calls", r.desk.calls(), tt.calls)
		})
	}
}

// TestMacroForm wants a macro's form to be filled in from the fields that go with it.
func TestMacroForm(t *testing.T) {
	t.Parallel()
	r := procedural(t)
	r.macros(macro(8, "Para o N2", "comment_value", `"Contato: \nTelefone:\n Resumo :\nOutro:\nJá dito: x"`, "comment_mode_is_public", `"false"`))
	r.desk.on(updateRoute, says(200, ticketOf(nil)))
	r.done(r.try(known(), changing(conversation.Change{Roles: []string{"n2"}, Fields: map[string]string{
		conversation.FieldContactName: "Ana", conversation.FieldContactPhone: "+5511987654321", conversation.FieldSummary: "Nota rejeitada",
	}})))
	r.same("comment", r.comment()["body"], any("Contato: Ana\nTelefone: +5511987654321\n Resumo : Nota rejeitada\nOutro:\nJá dito: x"))
}
