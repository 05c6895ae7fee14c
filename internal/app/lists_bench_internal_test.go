package app

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/oklog/ulid/v2"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/internal/testredis"
)

// fill writes n threads with transcripts and their views.
func (l *listed) fill(n int, change func(i int, t *conversation.Thread)) {
	l.Helper()
	rnd := rand.New(rand.NewPCG(9, 9))
	threads := make([]conversation.Thread, n)
	for i := range threads {
		threads[i] = anyThread(rnd, i)
		c := threads[i].Conversation
		c.Procedure.Organization = &conversation.Organization{ID: int64(i), Name: fmt.Sprintf("Distribuidora %d Comércio Ltda", i), CNPJ: fmt.Sprintf("%014d", i), At: noon()}
		c.Procedure.Number, c.First = fmt.Sprintf("261123-%03d", i%1000), "wamid."+strings.Repeat("A", 50)
		c.Ticket.Subject, c.Ticket.UpdatedAt, c.Ticket.Session = "Atendimento iniciado via WhatsApp", noon(), c.Session
		c.Ticket.Tags, c.Ticket.TagsKnown = []string{"whatsapp", "whatsapp_bot"}, true
		threads[i].Contact.UserID, threads[i].Newest = "BR."+fmt.Sprint(i), "wamid."+strings.Repeat("B", 50)
		change(i, &threads[i])
	}
	l.write(threads...)
	for some := range slices.Chunk(threads, 500) {
		pipe := l.a.redis.Pipeline()
		for _, t := range some {
			for j := range 12 {
				e := conversation.Entry{
					At: noon().Add(time.Duration(j) * time.Second), Author: conversation.AuthorCustomer, Message: fmt.Sprint("wamid.", ulid.Make()), Type: "text",
					Text: "Bom dia, o sistema não emite a nota fiscal desde ontem à noite.",
				}
				if j%3 != 0 {
					e = conversation.Entry{At: e.At, Message: "wamid.x", Effect: "5", Delivery: conversation.DeliveryRead}
				}
				raw, err := json.Marshal(e)
				if err != nil {
					l.Fatal(err)
				}
				pipe.RPush(l.Context(), l.at(t.Key(), "tx:"+t.Conversation.Session), raw)
			}
		}
		if _, err := pipe.Exec(l.Context()); err != nil {
			l.Fatal(err)
		}
	}
	l.rebuild()
}

// get asks the API as a program.
func (l *listed) get(path string) *httptest.ResponseRecorder {
	l.Helper()
	r := httptest.NewRequestWithContext(l.Context(), http.MethodGet, "/api/v1"+path, http.NoBody)
	r.Header.Set("Authorization", "Bearer "+DemoAPISecret)
	rec := httptest.NewRecorder()
	l.a.Handler().ServeHTTP(rec, r)
	if rec.Code != http.StatusOK {
		l.Fatalf("%s is answered %d %s", path, rec.Code, rec.Body)
	}
	return rec
}

// BenchmarkList reads a list of 2,000 conversations with their newest words, among 20,000 that ended, as the API answers it.
func BenchmarkList(b *testing.B) {
	l := openListedOf(b, testredis.Server(b), 64)
	l.fill(22_000, func(i int, t *conversation.Thread) {
		t.Conversation.State, t.Conversation.Ended = conversation.StateClosed, noon().Add(-time.Duration(i)*time.Second)
		if i < 2000 {
			t.Conversation.State, t.Conversation.Ended = conversation.StateQueued, time.Time{}
			t.Conversation.Owner, t.Conversation.Clock.Snoozed = 0, time.Time{}
		}
	})
	for _, path := range []string{
		"/conversations?view=all&limit=2000", "/conversations?view=new&limit=2000", "/conversations?view=ended&limit=2000", "/conversations?view=new&limit=50",
		"/overview", "/conversations?q=cliente+1999", "/conversations?q=gon%C3%A7alves",
	} {
		b.Run(strings.TrimPrefix(path, "/"), func(b *testing.B) {
			var longest time.Duration
			size := 0
			for b.Loop() {
				began := time.Now()
				size = l.get(path).Body.Len()
				longest = max(longest, time.Since(began)) //nolint:forbidigo // it is measured
			}
			b.ReportMetric(float64(longest.Milliseconds()), "ms-at-most")
			b.ReportMetric(float64(size)/1000, "kB")
		})
	}
}
