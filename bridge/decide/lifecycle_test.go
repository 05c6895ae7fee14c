package decide_test

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/decide"
)

// drawingFile is the page with the drawing of the state machine.
const drawingFile = "../../docs/state-machine.md"

func page(t *testing.T) string {
	t.Helper()
	raw, err := os.ReadFile(drawingFile)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

var arrow = regexp.MustCompile(`^(\S+) --> (\S+): (.+)$`)

// drawn reads the arrows of the first mermaid drawing of a page; unread is the lines that are none.
func drawn(page string) (arrows []decide.Transition, unread []string) {
	_, rest, _ := strings.Cut(page, "```mermaid\n")
	drawing, _, _ := strings.Cut(rest, "```")
	for line := range strings.Lines(drawing) {
		line = strings.TrimSpace(line)
		m := arrow.FindStringSubmatch(line)
		if m == nil {
			unread = append(unread, line)
			continue
		}
		from, _ := strings.CutPrefix(m[1], "[*]")
		arrows = append(arrows, decide.Transition{From: conversation.State(from), On: decide.Trigger(m[3]), To: conversation.State(m[2])})
	}
	return arrows, unread
}

func TestDrawingShowsTheTransitions(t *testing.T) {
	t.Parallel()
	arrows, unread := drawn(page(t))
	if diff := cmp.Diff([]string{"stateDiagram-v2"}, unread); diff != "" {
		t.Errorf("lines of the drawing that are no arrows (-want +got):\n%s", diff)
	}
	for _, a := range arrows {
		if !slices.Contains(decide.Transitions(), a) {
			t.Errorf("%s draws %q --> %q on %q, which is no transition", drawingFile, a.From, a.To, a.On)
		}
	}
	for _, a := range decide.Transitions() {
		if !slices.Contains(arrows, a) {
			t.Errorf("%s lacks %q --> %q on %q", drawingFile, a.From, a.To, a.On)
		}
	}
	if len(arrows) != len(decide.Transitions()) {
		t.Errorf("%d arrows for %d transitions", len(arrows), len(decide.Transitions()))
	}
}

func TestDrawnReadsArrows(t *testing.T) {
	t.Parallel()
	arrows, unread := drawn("text\n```mermaid\nstateDiagram-v2\n  [*] --> queued: customer writes\n  queued -> active: x\n```\na --> b: c\n")
	want := []decide.Transition{{From: conversation.StateNone, On: decide.CustomerWrites, To: conversation.StateQueued}}
	if diff := cmp.Diff(want, arrows); diff != "" {
		t.Errorf("arrows (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"stateDiagram-v2", "queued -> active: x"}, unread); diff != "" {
		t.Errorf("unread (-want +got):\n%s", diff)
	}
}

func TestPageNamesEveryState(t *testing.T) {
	t.Parallel()
	names := map[conversation.State]string{
		conversation.StateQueued: "Fila / Novo", conversation.StateActive: "Em andamento", conversation.StatePending: "Com pendência",
		conversation.StateClosed: "Concluído", conversation.StateBot: "Pré-atendimento",
		conversation.StateStopped: "Conversa encerrada no WhatsApp", conversation.StateExpired: "Expirado", conversation.StateCancelled: "Cancelado",
	}
	text := page(t)
	for state, name := range names {
		entered := "not yet"
		if slices.ContainsFunc(decide.Transitions(), func(tr decide.Transition) bool { return tr.To == state }) {
			entered = "yes"
		}
		if row := "| `" + string(state) + "` | " + name + " | " + entered + " |"; !strings.Contains(text, row) {
			t.Errorf("%s lacks the row %q", drawingFile, row)
		}
	}
}

func TestNext(t *testing.T) {
	t.Parallel()
	states := []conversation.State{
		conversation.StateNone, conversation.StateQueued, conversation.StateActive, conversation.StatePending, conversation.StateClosed,
		conversation.StateBot, conversation.StateStopped, conversation.StateExpired, conversation.StateCancelled,
	}
	triggers := []decide.Trigger{
		decide.CustomerWrites, decide.AgentReplies, decide.TicketOpen, decide.TicketPending, decide.TicketSolved,
		decide.AgentStarts, decide.AgentStops, decide.AgentRestarts, decide.AnswersElsewhere,
		decide.BotGreets, decide.HandsOver, decide.AgentTakes, decide.BackToQueue, decide.AgentWaits, decide.AgentCloses,
		decide.GoesToN2, decide.Refused, decide.Expires, decide.Cancels, decide.Overrides, decide.AuditorCloses, decide.VerdictLeft, "",
	}
	used := 0
	for _, from := range states {
		for _, on := range triggers {
			to, ok := decide.Next(from, on)
			listed := slices.Contains(decide.Transitions(), decide.Transition{From: from, On: on, To: to})
			if ok != listed || !ok && to != from {
				t.Errorf("Next(%q, %q) = %q, %v, listed is %v", from, on, to, ok, listed)
			}
			if ok {
				used++
			}
		}
	}
	if used != len(decide.Transitions()) {
		t.Errorf("%d of %d transitions are ever taken: two of them leave one state on one trigger", used, len(decide.Transitions()))
	}
}
