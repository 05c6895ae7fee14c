package decide_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ponte-desk/ponte/bridge/conversation"
)

// Presence counts from the first word on; what Zendesk says of the agent is asked for, and not for ever.
func TestPresence(t *testing.T) {
	t.Parallel()
	c := openDesk(t)
	ok := func(a *conversation.Answer) {
		t.Helper()
		if a == nil || !a.OK || a.Code != "" {
			t.Errorf("answered %+v", a)
		}
	}
	// Of an agent who is not known Zendesk is asked, once, and then answered.
	if a := c.command(presence(1, conversation.PresenceOnline)); a != nil {
		t.Errorf("answered %+v before Zendesk was asked", a)
	}
	c.second = 10
	c.command(presence(1, conversation.PresenceOnline))
	if p := c.pending(conversation.EffectAgent); p == nil || p.Effect.Agent != 1 || len(c.desk.Outbox.Background) != 1 {
		t.Fatalf("asked: %+v", c.desk.Outbox.Background)
	}
	c.result(conversation.EffectAgent, conversation.Result{Outcome: conversation.Done, Agent: &conversation.AgentSeen{ID: 1, Name: "Ana", Groups: groupsOf(n1)}})
	if len(c.answers) != 2 || !c.answers[0].OK || !c.answers[1].OK || c.answers[0].ID == c.answers[1].ID {
		t.Errorf("answered %+v", c.answers)
	}
	want := conversation.DeskAgent{
		Agent: conversation.Agent{ID: 1, Name: "Ana"}, Presence: conversation.PresenceOnline, Since: at(0), Groups: groupsOf(n1), Read: at(10),
	}
	if diff := cmp.Diff(want, c.desk.Agents[1]); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	// Later ones are answered at once; the groups are read again when they are old.
	c.second = 20
	ok(c.command(presence(1, conversation.PresenceAway)))
	if got := c.desk.Agents[1]; got.Presence != conversation.PresenceAway || !got.Since.Equal(at(20)) {
		t.Errorf("the agent is %+v", got)
	}
	c.second = hour + 11
	ok(c.command(presence(1, conversation.PresenceOffline)))
	if p := c.pending(conversation.EffectAgent); p != nil {
		t.Error("asked for who does not take conversations")
	}
	ok(c.command(presence(1, conversation.PresenceOnline)))
	c.result(conversation.EffectAgent, conversation.Result{Outcome: conversation.Failed})
	if got := c.desk.Agents[1]; len(got.Groups) != 1 || !got.Read.Equal(at(hour+11)) {
		t.Errorf("what can't be read is forgotten: %+v", got)
	}
	// Who works all day has old groups as well.
	c.second = 2*hour + 20
	c.queues("100|a", n1, true)
	if p := c.pending(conversation.EffectAgent); p == nil {
		t.Error("groups are never read again")
	}
}

func TestNoSuchAgent(t *testing.T) {
	t.Parallel()
	c := openDesk(t)
	c.command(presence(1, conversation.PresenceOnline))
	c.result(conversation.EffectAgent, conversation.Result{Outcome: conversation.Done, Agent: &conversation.AgentSeen{ID: 1, Gone: true}})
	if a := c.answers[0]; a.OK || a.Code != conversation.RefusedNoAgent || a.Text == "" {
		t.Errorf("answered %+v", a)
	}
	if len(c.desk.Agents) != 0 {
		t.Errorf("agents are %+v", c.desk.Agents)
	}
	c.queues("100|a", n1, false)
	c.wantSays("available 100|a")
	// Zendesk can't be asked: presence counts all the same, groups do not.
	c.command(presence(2, conversation.PresenceOnline))
	c.result(conversation.EffectAgent, conversation.Result{Outcome: conversation.Failed})
	if a := c.answers[1]; !a.OK || c.desk.Agents[2].Presence != conversation.PresenceOnline {
		t.Errorf("answered %+v: %+v", a, c.desk.Agents)
	}
	c.queues("100|a", n1, true)
	c.sees(map[string][]conversation.Waiting{n1: waits("100|a")}, nil)
	c.wantSays("nobody 100|a")
	// One who left meanwhile.
	c.desk.Agents = nil
	c.desk.Enqueue(conversation.Effect{Kind: conversation.EffectAgent, Agent: 3}, at(0))
	for c.pending(conversation.EffectAgent) != nil {
		c.result(conversation.EffectAgent, conversation.Result{Outcome: conversation.Done, Agent: &conversation.AgentSeen{ID: 3}})
	}
	if len(c.desk.Agents) != 0 {
		t.Errorf("agents are %+v", c.desk.Agents)
	}
}

func TestLimits(t *testing.T) {
	t.Parallel()
	c := openDesk(t)
	c.online(1, n1)
	limit := func(n int) *conversation.Answer {
		return c.command(conversation.Command{Kind: conversation.CommandLimit, Agent: conversation.Agent{ID: 1}, Limit: n})
	}
	if a := limit(3); a == nil || !a.OK || c.desk.Agents[1].Limit != 3 {
		t.Errorf("answered %+v", a)
	}
	c.queues("100|a", n1, true)
	c.sees(map[string][]conversation.Waiting{n1: waits("100|a", "100|b")}, map[int64]int{1: 2})
	c.wantSays("give 100|a 1")
	if a := limit(0); !a.OK || c.desk.Agents[1].Limit != 0 {
		t.Errorf("answered %+v", a)
	}
	c.sees(map[string][]conversation.Waiting{n1: waits("100|b")}, map[int64]int{1: 1})
	c.wantSays()
	if a := limit(-1); a.OK || c.desk.Agents[1].Limit != 0 {
		t.Errorf("answered %+v", a)
	}
	// A limit may be told before a presence: the agent takes nothing by that.
	c.command(conversation.Command{Kind: conversation.CommandLimit, Agent: conversation.Agent{ID: 2, Name: "Rui"}, Limit: 9})
	if a := c.desk.Agents[2]; a.Presence != conversation.PresenceOffline || a.Name != "Rui" || a.Limit != 9 {
		t.Errorf("the agent is %+v", a)
	}
}

func TestRefusedAtTheDesk(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		cmd  conversation.Command
		code string
	}{
		{presence(0, conversation.PresenceOnline), conversation.RefusedNoAgent},
		{presence(-1, conversation.PresenceOnline), conversation.RefusedNoAgent},
		{presence(1, "busy"), conversation.RefusedUnknown},
		{presence(1, ""), conversation.RefusedUnknown},
		{conversation.Command{Kind: conversation.CommandReply, Agent: conversation.Agent{ID: 1}, Text: "oi"}, conversation.RefusedUnknown},
	} {
		c := openDesk(t)
		if a := c.command(tt.cmd); a == nil || a.OK || a.Code != tt.code || a.Text == "" || len(c.desk.Agents) != 0 {
			t.Errorf("%+v is answered %+v", tt.cmd, a)
		}
	}
}
