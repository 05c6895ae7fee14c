package bench

import (
	"bufio"
	"bytes"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/ponte-desk/ponte/internal/app"
	"github.com/ponte-desk/ponte/internal/testredis"
)

// handler is the service's HTTP surface on a Redis of its own, without a network in front of it.
func handler(tb testing.TB, r *testredis.Redis) http.Handler {
	tb.Helper()
	a, err := app.Build(tb.Context(), app.Config{
		RedisURL: r.URL, RedisPrefix: r.Prefix, WhatsAppAppSecret: appSecret, WhatsAppAPIURL: "http://ponte.invalid",
		ZendeskURL: "http://ponte.invalid", ZendeskClientID: "c", ZendeskClientSecret: "s",
	}, app.Parts{})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := a.Close(tb.Context()); err != nil {
			tb.Error(err)
		}
	})
	return a.Handler()
}

// take hands a whole request to the handler and gives the answer's status.
func take(tb testing.TB, h http.Handler, whole []byte) int {
	tb.Helper()
	req, err := http.ReadRequest(bufio.NewReader(bytes.NewReader(whole)))
	if err != nil {
		tb.Fatal(err)
	}
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, req.WithContext(tb.Context()))
	return rec.Code
}

// BenchmarkWebhook is webhooks of one message from known contacts, 32 at once, from the HTTP handler to Redis.
func BenchmarkWebhook(b *testing.B) {
	h := handler(b, testredis.Server(b))
	c := &crowd{secret: appSecret, now: time.Now}
	c.newPersons(knownPersons)
	b.SetParallelism(16)
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		t, r := newStencil(appSecret, time.Now()), rand.New(rand.NewPCG(rand.Uint64(), 1))
		for pb.Next() {
			if status := take(b, h, t.fill(c.someone(r), c.newSerials(1))); status != http.StatusOK {
				b.Errorf("answered %d", status)
			}
		}
	})
}

// BenchmarkBatch is one webhook of 1,000 messages of as many known contacts.
func BenchmarkBatch(b *testing.B) {
	h := handler(b, testredis.Server(b))
	serial := int64(0)
	b.ReportAllocs()
	for b.Loop() {
		b.StopTimer()
		whole := request(newSigner(appSecret), batch(time.Now(), 0, updates, serial))
		serial += updates
		b.StartTimer()
		if status := take(b, h, whole); status != http.StatusOK {
			b.Errorf("answered %d", status)
		}
	}
}
