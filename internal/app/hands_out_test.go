package app_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/settings"
)

// diegoName is an agent of the second level; the others of these stories are of the first.
const diegoName = "Diego Martins"

// hall starts a world whose number has no bot and belongs to the first level; agents pick, or the desk hands out.
func hall(t *testing.T, automatic bool) *attendance {
	t.Helper()
	n := plain(settings.Default())
	n.Desk.Queue, n.Queue = queueN1, settings.Queue{Automatic: automatic, Every: 10 * time.Minute}
	n.Says.Waiting, n.Says.NoneAvailable = "Você está na fila.", "Ninguém disponível agora."
	n.Quiet, n.Longest = 2*time.Second, 5*time.Second
	return attend(t, n)
}

// sets has an agent tell something about themselves.
func (a *attendance) sets(agent, what string, body fields) (int, conversation.Answer) {
	a.t.Helper()
	return a.commandBy(http.MethodPut, fmt.Sprintf("/api/v1/agents/%d/%s", a.user(agent).ID, what), what, body)
}

// online lets an agent take conversations, a few at once.
func (a *attendance) online(agent string, limit int) {
	a.t.Helper()
	for what, body := range map[string]fields{"presence": {"presence": "online", "name": agent}, "limit": {"limit": limit}} {
		if status, answer := a.sets(agent, what, body); status != http.StatusOK {
			a.fatalf("%s is answered %d %+v", what, status, answer)
		}
	}
}

// comes has a customer write for the first time, and returns the session.
func (a *attendance) comes(customer string) string {
	a.t.Helper()
	a.says(customer, "Preciso de ajuda, m"+customer)
	a.run(10 * time.Second)
	return a.ticket().ExternalID
}

// agentRow and queueRow are lines of the API's lists.
type agentRow struct {
	ID             int64
	Name, Presence string
	Limit, Load    int
	Given          time.Time
	Groups         []struct{ Name string }
}

type queueRow struct {
	Queue           string
	Waiting, Online int
	WithRoom        int       `json:"with_room"`
	Longest         time.Time `json:"longest_since"`
}

// owners counts the conversations that each owner has, by name; nobody's are under "".
func (a *attendance) owners(sessions []string) map[string]int {
	a.t.Helper()
	names := map[int64]string{0: "", a.user(anaName).ID: anaName, a.user(brunoName).ID: brunoName, a.user(diegoName).ID: diegoName}
	counts := map[string]int{}
	for _, s := range sessions {
		counts[names[a.shows(s).Owner]]++
	}
	return counts
}

// Two agents who are online get what customers bring, turn by turn and no more than they may; who waits hears it, and is the next.
func TestDeskHandsOut(t *testing.T) {
	t.Parallel()
	a := hall(t, true)
	a.online(anaName, 2)
	a.online(brunoName, 2)
	a.online(diegoName, 9) // of another group
	var sessions []string
	for _, customer := range []string{mariana, antonio, "3", sebastiao, padaria} {
		sessions = append(sessions, a.comes(customer))
	}
	if got := a.owners(sessions); got[anaName] != 2 || got[brunoName] != 2 || got[""] != 1 {
		t.Fatalf("owners: %v", got)
	}
	for _, ticket := range a.tickets() {
		if owner := a.shows(ticket.ExternalID).Owner; ticket.AssigneeID != owner || ticket.GroupID != a.group(queueN1) {
			t.Errorf("ticket %d is of %d in group %d; the conversation of %d", ticket.ID, ticket.AssigneeID, ticket.GroupID, owner)
		}
	}
	last := sessions[4]
	if a.shows(last).State != "queued" {
		t.Errorf("the last one is %+v", a.shows(last))
	}
	a.wantTold(padaria, "Ninguém disponível agora.")
	if n := a.told(mariana, "Ninguém") + a.told(mariana, "na fila"); n != 0 {
		t.Errorf("who was given at once hears of the queue: %q", a.phone(mariana))
	}
	a.wantBoard(t, last)

	// Who closes one gets the next, though others would have room in another group.
	owner := a.shows(sessions[1]).Owner
	a.does(sessions[1], "close", fields{"agent": fields{"id": owner}, "subject": "Erro", "catalogue": "A::B", "reason": "resolvido"})
	a.run(10 * time.Second)
	if got := a.shows(last); got.State != "active" || got.Owner != owner {
		t.Errorf("the last one is %+v, want it of %d", got, owner)
	}
	a.wantTold(padaria, "Ninguém disponível agora.")
}

// wantBoard wants the API to show four attended conversations and one that waits.
func (a *attendance) wantBoard(t *testing.T, waiting string) {
	t.Helper()
	var board struct {
		Agents []agentRow
		Queues []queueRow
	}
	for _, path := range []string{"/agents?online=1", "/queues"} {
		if err := json.Unmarshal(a.gets(path).Body.Bytes(), &board); err != nil {
			t.Fatal(err)
		}
	}
	for _, row := range board.Agents {
		want := map[string]int{anaName: 2, brunoName: 2, diegoName: 0}[row.Name]
		if row.Load != want || row.Given.IsZero() != (want == 0) || row.Presence != "online" || len(row.Groups) == 0 {
			t.Errorf("the agent is %+v", row)
		}
	}
	if len(board.Agents) != 3 || len(board.Queues) != 1 {
		t.Fatalf("the board is %+v", board)
	}
	q := board.Queues[0]
	if q.Queue != queueN1 || q.Waiting != 1 || q.Online != 2 || q.WithRoom != 0 || q.Longest.IsZero() || q.Longest.After(a.clock()) {
		t.Errorf("the queue is %+v; %s waits", q, waiting)
	}
}

// Of two agents who take one conversation at once one has it, and the other is told.
func TestTwoTakeOne(t *testing.T) {
	t.Parallel()
	a := hall(t, false)
	a.online(anaName, 2)
	a.online(brunoName, 2)
	session := a.comes(mariana)
	a.run(time.Minute)
	if got := a.shows(session); got.State != "queued" || got.Owner != 0 {
		t.Fatalf("the conversation is %+v before anybody takes it", got)
	}
	a.wantTold(mariana, "Você está na fila.")
	take := func(agent string) (int, conversation.Answer) {
		return a.ask(http.MethodPost, "/api/v1/conversations/"+session+"/take", "take", fields{"id": "take-" + agent[:3] + "-1", "agent": a.staff(agent)})
	}
	for _, agent := range []string{brunoName, anaName} {
		if status, answer := take(agent); status != http.StatusAccepted {
			t.Fatalf("%s is answered %d %+v before anybody could decide", agent, status, answer)
		}
	}
	a.run(10 * time.Second)
	if status, answer := take(brunoName); status != http.StatusOK || !answer.OK {
		t.Errorf("the first is answered %d %+v", status, answer)
	}
	status, answer := take(anaName)
	if status != http.StatusConflict || answer.Code != conversation.RefusedNowhere || !strings.Contains(answer.Text, "já está com") {
		t.Errorf("the second is answered %d %+v", status, answer)
	}
	if got := a.shows(session); got.Owner != a.user(brunoName).ID || got.State != "active" {
		t.Errorf("the conversation is %+v", got)
	}
	if got := a.ticket().AssigneeID; got != a.user(brunoName).ID {
		t.Errorf("the ticket is of %d", got)
	}
}

// An agent who is full takes no more by hand, unless it is wanted; nobody is given a conversation who does not work there.
func TestLimitByHand(t *testing.T) {
	t.Parallel()
	a := hall(t, false)
	a.online(anaName, 1)
	one, other := a.comes(mariana), a.comes(antonio)
	ana := a.staff(anaName)
	a.does(one, "take", fields{"agent": ana})
	a.does(one, "take", fields{"agent": ana})
	a.refusedFor(other, "take", fields{"agent": ana}, conversation.RefusedFull, "o limite é 1")
	a.refusedFor(other, "transfer", fields{"agent": a.staff(brunoName), "to": ana}, conversation.RefusedFull, "o limite é 1")
	a.does(other, "take", fields{"agent": ana, "force": true})
	for name, path := range map[string]string{"a customer": "/api/v1/agents/%d/presence", "nobody": "/api/v1/agents/99%d/presence"} {
		path = fmt.Sprintf(path, a.again(a.ticket()).RequesterID)
		if status, answer := a.commandBy(http.MethodPut, path, "presence", fields{"presence": "online"}); status != http.StatusConflict || answer.Code != conversation.RefusedNoAgent {
			t.Errorf("%s is answered %d %+v", name, status, answer)
		}
	}
}
