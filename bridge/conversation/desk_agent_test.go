package conversation_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ponte-desk/ponte/bridge/conversation"
)

func TestServes(t *testing.T) {
	t.Parallel()
	agent := conversation.DeskAgent{Groups: []conversation.Group{{ID: 61, Name: "Suporte Técnico"}, {ID: 62, Name: "N2+"}}}
	for queue, want := range map[string]bool{
		"Suporte Técnico": true, "suporte tecnico": true, " SUPORTE  TÉCNICO": true, "Suporte Te\u0301cnico": true, "61": true, "62": true, "n2+": true, "": true, "  ": true,
		"N2": false, "63": false, "Suporte": false, "6": false,
	} {
		if got := agent.Serves(queue); got != want {
			t.Errorf("%q: %v, want %v", queue, got, want)
		}
	}
	if (conversation.DeskAgent{}).Serves("N2") || !(conversation.DeskAgent{}).Serves("") {
		t.Error("an agent without groups serves another queue than the one without a name")
	}
}

func TestMostOfAnAgent(t *testing.T) {
	t.Parallel()
	if got := (conversation.DeskAgent{}).Most(5); got != 5 {
		t.Errorf("the installation's limit is taken for %d", got)
	}
	if got := (conversation.DeskAgent{Limit: 2}).Most(5); got != 2 {
		t.Errorf("the agent's own limit is taken for %d", got)
	}
}

func TestPresences(t *testing.T) {
	t.Parallel()
	for p, want := range map[conversation.Presence]bool{
		conversation.PresenceOnline: true, conversation.PresenceAway: true, conversation.PresenceOffline: true, "": false, "busy": false, "Online": false,
	} {
		if p.Valid() != want {
			t.Errorf("%q is valid: %v, want %v", p, p.Valid(), want)
		}
	}
}

// A copy of the desk shares nothing with it.
func TestDeskClone(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 3, 2, 15, 4, 0, 0, time.UTC)
	fresh := func() conversation.Desk {
		d := conversation.Desk{
			Agents: map[int64]conversation.DeskAgent{7: {Groups: []conversation.Group{{ID: 61}}, Waits: []string{"a"}}},
			Queues: []string{"N1"}, Gifts: []conversation.Gift{{ID: "g", Agent: 7}}, Asks: []conversation.DeskAsk{{Thread: "t"}},
			Left: map[string]time.Time{"t": at}, Known: []string{"N1"},
		}
		d.Enqueue(conversation.Effect{Kind: conversation.EffectAgent, Agent: 7}, at)
		return d
	}
	d := fresh()
	c := d.Clone()
	c.Agents[7].Groups[0].ID, c.Agents[7].Waits[0] = 62, "b"
	c.Agents[8] = conversation.DeskAgent{}
	c.Queues[0], c.Gifts[0].ID, c.Asks[0].Thread, c.Left["x"], c.Known[0] = "N2", "h", "u", at, "N2"
	c.Outbox.Background[0].Effect.Agent = 8
	if diff := cmp.Diff(fresh(), d); diff != "" {
		t.Errorf("changes to the copy show (-before +after):\n%s", diff)
	}
	if n := d.OnTheirWay(7); n != 1 || d.OnTheirWay(8) != 0 {
		t.Errorf("%d gifts are on their way", n)
	}
}

// What a queue's view is scored by tells since when and whether first, and puts who goes first first.
func TestWaitScore(t *testing.T) {
	t.Parallel()
	early := time.Date(2026, 3, 2, 15, 4, 5, 678_000_000, time.UTC)
	late := early.Add(time.Hour)
	order := []float64{
		conversation.WaitScore(early, true), conversation.WaitScore(late, true), conversation.WaitScore(early, false), conversation.WaitScore(late, false),
	}
	for i, score := range order {
		if i > 0 && score <= order[i-1] {
			t.Errorf("scores are %v", order)
		}
		since, first := conversation.ParseWaitScore(score)
		if want := []time.Time{early, late}[i%2]; !since.Equal(want) || first != (i < 2) {
			t.Errorf("%v is read as %v, %v", score, since, first)
		}
	}
}
