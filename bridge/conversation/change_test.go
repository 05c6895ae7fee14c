package conversation_test

import (
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/ponte-desk/ponte/bridge/conversation"
)

// whole is a change of everything.
func whole() conversation.Change {
	return conversation.Change{
		Roles: []string{"closing"}, Agent: conversation.Agent{ID: 8, Name: "João"}, Subject: "Nota", Status: "solved", Group: "N1", Assignee: 8,
		Requester: 7, Organization: 40, CC: "ana@example.com", Fields: map[string]string{conversation.FieldCNPJ: "1", conversation.FieldLink: "2"},
		Tags: []string{"a"}, Untags: []string{"u"},
	}
}

// without is whole with something taken away.
func without(take func(*conversation.Change)) conversation.Change {
	c := whole()
	take(&c)
	return c
}

func wantChange(t *testing.T, what string, got, want conversation.Change) {
	t.Helper()
	if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

func TestChangeWith(t *testing.T) {
	t.Parallel()
	type change = conversation.Change
	tests := []struct {
		name              string
		first, next, want change
	}{
		{"nothing and nothing", change{}, change{}, change{}},
		{"nothing comes to it", whole(), change{}, whole()},
		{"it comes to nothing", change{}, whole(), whole()},
		{"the same again", whole(), whole(), whole()},
		{
			"the later one counts", whole(),
			change{
				Agent: conversation.Agent{ID: 9}, Subject: "Boleto", Status: "open", Group: "N2", Assignee: 9, Requester: 6, Organization: 41, CC: "rui@example.com",
				Fields: map[string]string{conversation.FieldCNPJ: "3", conversation.FieldReason: "4"}, Roles: []string{"n2", "closing"}, Tags: []string{"b", "a", "b"},
			},
			change{
				Roles: []string{"closing", "n2"}, Agent: conversation.Agent{ID: 9}, Subject: "Boleto", Status: "open", Group: "N2", Assignee: 9, Requester: 6,
				Organization: 41, CC: "rui@example.com", Tags: []string{"a", "b"}, Untags: []string{"u"},
				Fields: map[string]string{conversation.FieldCNPJ: "3", conversation.FieldLink: "2", conversation.FieldReason: "4"},
			},
		},
		{"fields where there were none", change{Status: "open"}, change{Fields: map[string]string{"a": "b"}}, change{Status: "open", Fields: map[string]string{"a": "b"}}},
		{"nobody has it after somebody had", change{Assignee: 8}, change{Unassign: true}, change{Unassign: true}},
		{"somebody has it after nobody had", change{Unassign: true}, change{Assignee: 8}, change{Assignee: 8}},
		{"who has it is left alone", change{Unassign: true}, change{Status: "open"}, change{Unassign: true, Status: "open"}},
		{"an agent without a name is somebody", change{Agent: conversation.Agent{ID: 8, Name: "João"}}, change{Agent: conversation.Agent{ID: 9}}, change{Agent: conversation.Agent{ID: 9}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			first, next := tt.first, tt.next
			wantChange(t, "together", first.With(next), tt.want)
			wantChange(t, "the first one stays", first, tt.first)
			wantChange(t, "the next one stays", next, tt.next)
		})
	}
}

// TestChangeSharesNothing wants what is done to the outcome not to show in what it was made of.
func TestChangeSharesNothing(t *testing.T) {
	t.Parallel()
	for name, outcome := range map[string]func(c conversation.Change) conversation.Change{
		"with":           func(c conversation.Change) conversation.Change { return c.With(conversation.Change{}) },
		"with the other": func(c conversation.Change) conversation.Change { return conversation.Change{}.With(c) },
		"without":        func(c conversation.Change) conversation.Change { return c.Without(conversation.Seen{}) },
		"in a thread": func(c conversation.Change) conversation.Change {
			th := conversation.NewThread("100", "c1")
			th.Conversation = &conversation.Conversation{Closing: &c}
			return *th.Clone().Conversation.Closing
		},
		"in an outbox": func(c conversation.Change) conversation.Change {
			th := conversation.NewThread("100", "c1")
			th.Outbox.Add(conversation.Effect{ID: "1", Kind: conversation.EffectUpdate, Change: &c}, gather, at(0))
			return *th.Clone().Outbox.Ticket[0].Effect.Change
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			own := whole()
			out := outcome(own)
			wantChange(t, "the outcome", out, whole())
			out.Roles[0], out.Tags[0], out.Fields[conversation.FieldCNPJ] = "x", "x", "x"
			wantChange(t, "the first one", own, whole())
		})
	}
}

func TestChangeWithout(t *testing.T) {
	t.Parallel()
	type seen = conversation.Seen
	tests := []struct {
		name string
		seen seen
		want conversation.Change
	}{
		{"nothing", seen{}, whole()},
		{"status", seen{Status: true}, without(func(c *conversation.Change) { c.Status, c.Subject, c.Roles = "", "", nil })},
		{"group", seen{Group: true}, without(func(c *conversation.Change) { c.Group = "" })},
		{"assignee", seen{Assignee: true}, without(func(c *conversation.Change) { c.Assignee = 0 })},
		{"organisation", seen{Organization: true}, without(func(c *conversation.Change) { c.Organization, c.Requester = 0, 0 })},
		{"subject", seen{Subject: true}, without(func(c *conversation.Change) { c.Subject = "" })},
		{"everything", seen{true, true, true, true, true}, conversation.Change{
			Agent: whole().Agent, CC: "ana@example.com", Fields: whole().Fields, Tags: []string{"a"}, Untags: []string{"u"},
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			wantChange(t, "left", whole().Without(tt.seen), tt.want)
			if tt.seen.Any() != (tt.name != "nothing") {
				t.Errorf("Any() = %v", tt.seen.Any())
			}
		})
	}
	wantChange(t, "nobody has it", conversation.Change{Unassign: true}.Without(seen{Assignee: true}), conversation.Change{})
}

// TestChangeOfOneThing sets every part of a change alone: none may be forgotten.
func TestChangeOfOneThing(t *testing.T) {
	t.Parallel()
	quiet := map[string]bool{"Tags": true, "Untags": true, "CC": true} // what nobody edits by hand
	from := reflect.ValueOf(whole())
	for i := range from.NumField() {
		name := from.Type().Field(i).Name
		var c conversation.Change
		if field := reflect.ValueOf(&c).Elem().Field(i); name == "Unassign" {
			field.SetBool(true)
		} else {
			field.Set(from.Field(i))
		}
		empty := name == "Agent" || name == "Verdict" // who acts changes nothing
		if c.Empty() != empty || c.Contested() != (!empty && !quiet[name]) {
			t.Errorf("%s alone: Empty() = %v, Contested() = %v", name, c.Empty(), c.Contested())
		}
		wantChange(t, name+" comes to nothing", conversation.Change{}.With(c), c)
	}
	if !(conversation.Change{}).Empty() || (conversation.Change{}).Contested() {
		t.Error("nothing is something")
	}
	if c := whole(); !c.Contested() || len(c.Tags) == 0 || c.CC == "" {
		t.Error("asking changes it")
	}
}

func TestFactsAgainst(t *testing.T) {
	t.Parallel()
	type seen = conversation.Seen
	known := conversation.Ticket{Status: "open", Group: 70, Assignee: 8, Organization: 40, Tags: []string{"a"}, TagsKnown: true}
	tests := []struct {
		name  string
		facts conversation.Facts
		want  seen
	}{
		{"nothing is known", conversation.Facts{}, seen{}},
		{"as it was", conversation.Facts{Status: "open", Group: new(int64(70)), Assignee: new(int64(8)), Organization: new(int64(40))}, seen{}},
		{"other tags are no matter", conversation.Facts{Status: "open", Tags: []string{"b"}, TagsKnown: true}, seen{}},
		{"status", conversation.Facts{Status: "solved"}, seen{Status: true}},
		{"group", conversation.Facts{Group: new(int64(71))}, seen{Group: true}},
		{"no group any more", conversation.Facts{Group: new(int64(0))}, seen{Group: true}},
		{"assignee", conversation.Facts{Assignee: new(int64(9))}, seen{Assignee: true}},
		{"nobody any more", conversation.Facts{Assignee: new(int64(0))}, seen{Assignee: true}},
		{"organisation", conversation.Facts{Organization: new(int64(41))}, seen{Organization: true}},
		{"everything", conversation.Facts{Status: "new", Group: new(int64(0)), Assignee: new(int64(0)), Organization: new(int64(0))}, seen{Status: true, Group: true, Assignee: true, Organization: true}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := tt.facts.Against(known)
			if got != tt.want || got.Any() != (tt.want != seen{}) {
				t.Errorf("Against() = %+v, want %+v", got, tt.want)
			}
			ticket := known
			ticket.Take(tt.facts)
			if tt.facts.Against(ticket).Any() {
				t.Errorf("what was taken in is still news: %+v", ticket)
			}
		})
	}
}

func TestTicketTakes(t *testing.T) {
	t.Parallel()
	known := conversation.Ticket{ID: 11, Status: "open", Group: 70, Assignee: 8, Organization: 40, Tags: []string{"a"}, TagsKnown: true}
	tests := []struct {
		name  string
		facts conversation.Facts
		want  conversation.Ticket
	}{
		// What nobody told stays, but for the tags: they may be others by now.
		{"nothing", conversation.Facts{}, conversation.Ticket{ID: 11, Status: "open", Group: 70, Assignee: 8, Organization: 40}},
		{"status alone", conversation.Facts{Status: "solved"}, conversation.Ticket{ID: 11, Status: "solved", Group: 70, Assignee: 8, Organization: 40}},
		{
			"everything",
			conversation.Facts{Status: "pending", Group: new(int64(71)), Assignee: new(int64(0)), Organization: new(int64(41)), Tags: []string{"b"}, TagsKnown: true},
			conversation.Ticket{ID: 11, Status: "pending", Group: 71, Organization: 41, Tags: []string{"b"}, TagsKnown: true},
		},
		{"no tags", conversation.Facts{TagsKnown: true}, conversation.Ticket{ID: 11, Status: "open", Group: 70, Assignee: 8, Organization: 40, TagsKnown: true}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			ticket := known
			ticket.Take(tt.facts)
			if diff := cmp.Diff(tt.want, ticket, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("ticket (-want +got):\n%s", diff)
			}
			if len(ticket.Tags) > 0 {
				ticket.Tags[0] = "x"
			}
			if len(tt.facts.Tags) > 0 && tt.facts.Tags[0] == "x" || known.Tags[0] == "x" {
				t.Error("the ticket shares its tags")
			}
		})
	}
}
