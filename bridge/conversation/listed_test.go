package conversation_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ponte-desk/ponte/bridge/conversation"
)

func TestListed(t *testing.T) {
	t.Parallel()
	began := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	ended := began.Add(time.Hour)
	b, e := float64(began.UnixMilli()), float64(ended.UnixMilli())
	for name, c := range map[string]struct {
		conv conversation.Conversation
		want map[string]float64
	}{
		"in the bot, without a queue": {
			conversation.Conversation{State: conversation.StateBot}, map[string]float64{"team:bot:": b},
		},
		"queued": {
			conversation.Conversation{State: conversation.StateQueued, Procedure: conversation.Procedure{Queue: "  Suporte  Técnico N1 "}},
			map[string]float64{"team:queued:suporte tecnico n1": b},
		},
		"attended": {
			conversation.Conversation{State: conversation.StateActive, Owner: 7, Procedure: conversation.Procedure{Queue: "360001"}},
			map[string]float64{"team:active:360001": b},
		},
		"attended by nobody": {conversation.Conversation{State: conversation.StateActive}, map[string]float64{"team:active:": b}},
		"put off": {
			conversation.Conversation{State: conversation.StateActive, Owner: 7, Clock: conversation.Clock{Snoozed: ended}},
			map[string]float64{"team:active:": b, "owner:active:7": b},
		},
		"waits for the customer": {
			conversation.Conversation{State: conversation.StatePending, Owner: 7, Clock: conversation.Clock{Attention: true}},
			map[string]float64{"team:pending:": b, "attention": b},
		},
		"stopped": {conversation.Conversation{State: conversation.StateStopped, Owner: 7}, map[string]float64{"team:stopped:": b, "owner:stopped:7": b}},
		"closed": {
			conversation.Conversation{State: conversation.StateClosed, Owner: 7, Ended: ended, Clock: conversation.Clock{Attention: true}},
			map[string]float64{"team:closed:": e, "owner:closed:7": e},
		},
		"ended nobody knows when": {conversation.Conversation{State: conversation.StateExpired}, map[string]float64{"team:expired:": b}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			thread := conversation.NewThread("1", "c")
			c.conv.Started = began
			thread.Conversation = &c.conv
			if diff := cmp.Diff(c.want, thread.Listed()); diff != "" {
				t.Errorf("listed (-want +got):\n%s", diff)
			}
		})
	}
	if got := conversation.NewThread("1", "c").Listed(); len(got) != 0 {
		t.Errorf("nothing is listed in %v", got)
	}
}

// TestListedIsComplete wants every conversation in the views in which its agents and its owner look for it.
func TestListedIsComplete(t *testing.T) {
	t.Parallel()
	agent := conversation.DeskAgent{Agent: conversation.Agent{ID: 7}, Groups: []conversation.Group{{ID: 360, Name: "Técnico"}, {ID: 361, Name: "N2"}}}
	for _, state := range append(conversation.GoingStates(), conversation.EndedStates()...) {
		for _, queue := range []string{"tecnico", "TÉCNICO ", "360"} {
			thread := conversation.NewThread("1", "c")
			thread.Conversation = &conversation.Conversation{State: state, Owner: 7, Procedure: conversation.Procedure{Queue: queue}}
			if !stands(thread, agent.TeamViews(state)) {
				t.Errorf("%s in %q: %v is in none of %v", state, queue, thread.Listed(), agent.TeamViews(state))
			}
			if !stands(thread, conversation.TeamViews("Tecnico", state)) && queue != "360" {
				t.Errorf("%s in %q: %v", state, queue, thread.Listed())
			}
			for _, snoozed := range []time.Time{{}, time.Unix(1, 0)} {
				thread.Conversation.Clock.Snoozed = snoozed
				views := thread.Listed()
				switch {
				case thread.Attends() == 7:
					views[conversation.ViewActive+"7"] = 1
				case state == conversation.StatePending:
					views[conversation.ViewPending+"7"] = 1
				}
				if !inAny(views, conversation.OwnerViews(7, state)) || inAny(views, conversation.OwnerViews(8, state)) {
					t.Errorf("%s of 7, snoozed %v: %v, looked for in %v", state, snoozed, views, conversation.OwnerViews(7, state))
				}
			}
		}
	}
	want := []string{"team:queued:tecnico", "team:queued:360", "team:queued:n2", "team:queued:361"}
	if diff := cmp.Diff(want, agent.TeamViews(conversation.StateQueued)); diff != "" {
		t.Errorf("the agent's views (-want +got):\n%s", diff)
	}
}

func stands(t conversation.Thread, views []string) bool { return inAny(t.Listed(), views) }

func inAny(in map[string]float64, views []string) bool {
	for _, view := range views {
		if _, ok := in[view]; ok {
			return true
		}
	}
	return false
}

func TestSameQueue(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		a, b string
		want bool
	}{{"Suporte N1", " suporte  n1", true}, {"Técnico", "TECNICO", true}, {"", "", true}, {"N1", "N2", false}, {"", "N1", false}} {
		if got := conversation.SameQueue(c.a, c.b); got != c.want {
			t.Errorf("%q and %q: %v", c.a, c.b, got)
		}
	}
}
