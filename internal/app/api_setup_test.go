package app_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/ponte-desk/ponte/bridge/settings"
	"github.com/ponte-desk/ponte/bridge/store"
	"github.com/ponte-desk/ponte/internal/app"
	"github.com/ponte-desk/ponte/internal/testredis"
	"github.com/ponte-desk/ponte/sandbox/desk"
)

// shop is a running demo on a loopback port, whose words gather only a moment before they go onto the ticket.
type shop struct {
	t    *testing.T
	r    *testredis.Redis
	demo *app.Demo
	url  string
	logs *output
}

// openShop starts a demo.
func openShop(t *testing.T, change func(*app.Config)) *shop {
	t.Helper()
	s := &shop{t: t, r: testredis.Mini(t), logs: &output{}}
	op := app.DemoSettings()
	quick := func(n settings.Number) settings.Number {
		n = plain(n)
		n.Quiet, n.Longest, n.Typing = 50*time.Millisecond, 200*time.Millisecond, true
		return n
	}
	op.Default = quick(op.Default)
	for number, n := range op.Numbers {
		op.Numbers[number] = quick(n)
	}
	if _, err := store.NewSettings(s.r.Client, s.r.Prefix, time.Now).Save(t.Context(), *op, "test", 0); err != nil {
		t.Fatal(err)
	}
	ln, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	c := app.Config{
		DataDir: t.TempDir(), RedisURL: s.r.URL, RedisPrefix: s.r.Prefix, WhatsAppAPIURL: "https://graph.facebook.com", WhatsAppAPIVersion: "v26.0",
		Sessions: 16,
	}
	if change != nil {
		change(&c)
	}
	if s.demo, err = app.BuildDemo(t.Context(), c, ln, slog.New(slog.NewJSONHandler(s.logs, nil))); err != nil {
		t.Fatal(err)
	}
	s.url = "http://" + ln.Addr().String()
	ctx, stop := context.WithCancel(context.WithoutCancel(t.Context()))
	ended := make(chan error, 1)
	go func() { ended <- s.demo.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	return s
}

// ask makes a request with the API's secret; a body that is nil is none.
func (s *shop) ask(method, path string, body any) (status int, raw []byte) {
	s.t.Helper()
	var sent io.Reader = http.NoBody
	if body != nil {
		text, err := json.Marshal(body)
		if err != nil {
			s.t.Fatal(err)
		}
		sent = bytes.NewReader(text)
	}
	r, err := http.NewRequestWithContext(s.t.Context(), method, s.url+path, sent)
	if err != nil {
		s.t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+app.DemoAPISecret)
	r.Header.Set("Content-Type", "application/json")
	client := &http.Client{Timeout: soon}
	defer client.CloseIdleConnections()
	resp, err := client.Do(r)
	if err != nil {
		s.t.Fatal(err)
	}
	defer resp.Body.Close()
	if raw, err = io.ReadAll(resp.Body); err != nil {
		s.t.Fatal(err)
	}
	return resp.StatusCode, raw
}

// fields is a body or an answer.
type fields map[string]any

// want makes a request and wants a status; it returns the answer.
func (s *shop) want(status int, method, path string, body any) fields {
	s.t.Helper()
	got, raw := s.ask(method, path, body)
	out := fields{}
	if err := json.Unmarshal(raw, &out); err != nil || got != status {
		s.t.Fatalf("%s %s: %d %s; want %d", method, path, got, raw, status)
	}
	return out
}

// command runs a command on a conversation.
func (s *shop) command(status int, session, kind string, body fields) fields {
	s.t.Helper()
	return s.want(status, http.MethodPost, "/api/v1/conversations/"+session+"/"+kind, body)
}

// customer has one of the seeded customers write, and waits for the ticket; it returns the session.
func (s *shop) customer(id, number, text string) (session string) {
	s.t.Helper()
	s.want(http.StatusOK, http.MethodPost, "/sandbox/phone/api/customers/"+id+"/messages?number="+number, fields{"type": "text", "text": fields{"body": text}})
	eventually(s.t, soon, "the words on a ticket", func() bool {
		for _, ticket := range s.tickets() {
			for _, c := range s.demo.Sandbox.Zendesk().Comments(ticket.ID) {
				if strings.Contains(c.Body, text) {
					session = ticket.ExternalID
				}
			}
		}
		return session != ""
	})
	return session
}

// tickets is those that Ponte made.
func (s *shop) tickets() (own []desk.TicketView) {
	for _, ticket := range s.demo.Sandbox.Zendesk().Tickets() {
		if strings.HasPrefix(ticket.ExternalID, "wa-") {
			own = append(own, ticket)
		}
	}
	return own
}

// commented waits for words on the ticket of a session, and tells who wrote them and whether all may read them.
func (s *shop) commented(session, words string) (author int64, public bool) {
	s.t.Helper()
	eventually(s.t, soon, words+" on the ticket", func() bool {
		for _, ticket := range s.tickets() {
			for _, c := range s.demo.Sandbox.Zendesk().Comments(ticket.ID) {
				if ticket.ExternalID == session && strings.Contains(c.Body, words) {
					author, public = c.AuthorID, c.Public
					return true
				}
			}
		}
		return false
	})
	return author, public
}

// phone is the texts that the business sent to a customer.
func (s *shop) phone(customer, number string) (texts []string) {
	s.t.Helper()
	chat, ok := s.demo.Sandbox.WhatsApp().Chat(customer, number, true)
	if !ok {
		s.t.Fatalf("no chat of customer %s", customer)
	}
	for _, m := range chat.Messages {
		if m.From != "business" {
			continue
		}
		var text struct{ Body string }
		if m.Preview != "" {
			text.Body = m.Preview
		} else if err := json.Unmarshal(m.Content, &text); err != nil {
			s.t.Fatal(err)
		}
		texts = append(texts, text.Body)
	}
	return texts
}

// arrives waits for words on a phone.
func (s *shop) arrives(customer, number, words string) {
	s.t.Helper()
	eventually(s.t, soon, words+" on the phone", func() bool { return strings.Contains(strings.Join(s.phone(customer, number), "\n"), words) })
}

// ana is the agent of these tests.
func (s *shop) ana() int64 {
	s.t.Helper()
	for _, u := range s.demo.Sandbox.Zendesk().Users() {
		if strings.HasPrefix(u.Name, "Ana Beatriz") {
			return u.ID
		}
	}
	s.t.Fatal("no such agent")
	return 0
}

// requests is how often a peer was asked for paths that contain part.
func (s *shop) requests(method, part string) (n int) {
	s.t.Helper()
	_, raw := s.ask(http.MethodGet, "/sandbox/control/requests", nil)
	var list []struct {
		Method, Path string
		Count        int
	}
	if err := json.Unmarshal(raw, &list); err != nil {
		s.t.Fatal(err)
	}
	for _, r := range list {
		if r.Method == method && strings.Contains(r.Path, part) {
			n += r.Count
		}
	}
	return n
}
