package app_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"time"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/internal/app"
)

// command asks for something by the API until it has been carried out or refused: the same id again is the same command.
func (a *attendance) command(session, kind string, body fields) (int, conversation.Answer) {
	a.t.Helper()
	return a.commandAt("/api/v1/conversations/"+session+"/"+kind, kind, body)
}

// commandAt is command at another address.
func (a *attendance) commandAt(path, kind string, body fields) (int, conversation.Answer) {
	a.t.Helper()
	return a.commandBy(http.MethodPost, path, kind, body)
}

// commandBy is commandAt by another method.
func (a *attendance) commandBy(method, path, kind string, body fields) (int, conversation.Answer) {
	a.t.Helper()
	a.ids++
	body["id"] = fmt.Sprintf("command-%d", a.ids)
	for range 600 {
		if status, answer := a.ask(method, path, kind, body); status == http.StatusOK || status == http.StatusConflict {
			return status, answer
		} else if status != http.StatusAccepted && status != http.StatusServiceUnavailable {
			a.fatalf("%s is answered %d %+v", kind, status, answer)
		}
		a.run(250 * time.Millisecond)
	}
	a.fatalf("%s is never carried out", kind)
	return 0, conversation.Answer{}
}

// ask makes one request for a command; its answer is looked for once.
func (a *attendance) ask(method, path, kind string, body fields) (status int, answer conversation.Answer) {
	a.t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	raw, err := json.Marshal(body)
	if err != nil {
		a.fatalf("%v", err)
	}
	r := httptest.NewRequestWithContext(ctx, method, base+path, bytes.NewReader(raw))
	r.Header.Set("Authorization", "Bearer "+app.DemoAPISecret)
	rec := httptest.NewRecorder()
	a.p.asked = cancel
	err = a.p.call(a.inst, "api "+kind, func() error {
		a.live.Handler().ServeHTTP(rec, r)
		return nil
	})
	a.p.asked = nil
	if err != nil {
		return http.StatusServiceUnavailable, answer
	}
	if err := json.Unmarshal(rec.Body.Bytes(), &answer); err != nil {
		a.fatalf("%s is answered %d %s", kind, rec.Code, rec.Body)
	}
	return rec.Code, answer
}

// does wants a command to be carried out.
func (a *attendance) does(session, kind string, body fields) conversation.Answer {
	a.t.Helper()
	status, answer := a.command(session, kind, body)
	if status != http.StatusOK {
		a.t.Errorf("%s is answered %d %+v", kind, status, answer)
	}
	return answer
}

// refused wants a command to be refused, and that the agent reads some words.
func (a *attendance) refusedFor(session, kind string, body fields, code, words string) {
	a.t.Helper()
	status, answer := a.command(session, kind, body)
	if status != http.StatusConflict || answer.Code != code || !strings.Contains(answer.Text, words) {
		a.t.Errorf("%s is answered %d %+v, want %s and %q", kind, status, answer, code, words)
	}
}

// shown is a conversation as the API shows it.
type shown struct {
	Session      string
	State        string
	Ticket       int64
	Owner        int64
	Attendance   string
	Queue        string
	Category     string
	Outcome      string
	Flags        []string
	Mismatches   []string
	Organization struct {
		ID            int64
		Name, Pending string
	}
	Previous []int64 `json:"previous_tickets"`
}

// shows reads a conversation by the API.
func (a *attendance) shows(session string) (s shown) {
	a.t.Helper()
	r := httptest.NewRequestWithContext(context.Background(), http.MethodGet, base+"/api/v1/conversations/"+session, http.NoBody)
	r.Header.Set("Authorization", "Bearer "+app.DemoAPISecret)
	rec := httptest.NewRecorder()
	a.live.Handler().ServeHTTP(rec, r)
	if err := json.Unmarshal(rec.Body.Bytes(), &s); err != nil || rec.Code != http.StatusOK {
		a.fatalf("the conversation is answered %d %s", rec.Code, rec.Body)
	}
	return s
}
