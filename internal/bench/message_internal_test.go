package bench

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/ponte-desk/ponte/bridge/inbound"
	"github.com/ponte-desk/ponte/whatsapp"
)

// read takes a whole request apart as a server does, and checks its signature.
func read(t *testing.T, whole []byte) []whatsapp.Update {
	t.Helper()
	in := bufio.NewReader(bytes.NewReader(whole))
	r, err := http.ReadRequest(in)
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	if rest, err := io.ReadAll(in); err != nil || len(rest) > 0 {
		t.Errorf("%d bytes too many, %v", len(rest), err)
	}
	if r.Method != http.MethodPost || r.URL.Path != "/webhooks/whatsapp" || r.Header.Get("Content-Type") != "application/json" {
		t.Errorf("%s %s %v", r.Method, r.URL, r.Header)
	}
	if !whatsapp.Verify([]string{"s"}, r.Header.Get(whatsapp.SignatureHeader), body) {
		t.Errorf("wrong signature of %s", body)
	}
	updates, err := whatsapp.Parse(body)
	if err != nil {
		t.Fatal(err)
	}
	return updates
}

func TestStencil(t *testing.T) {
	t.Parallel()
	sent := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	s := newStencil("s", sent)
	seen := map[string]bool{}
	for i, tt := range []struct {
		person int
		serial int64
		phone  string
		digits string
	}{
		{0, 0, "5511900000000", "000000000000"},
		{1, 1, "5511900000001", "000000000001"},
		{7999, 7777_7777, "5511900007999", "000077777777"},
		{1, 333333333333, "5511900000001", "333333333333"},
		{77777777, 999999999999, "5511977777777", "999999999999"},
		{0, 2, "5511900000000", "000000000002"},
	} {
		whole := s.fill(tt.person, tt.serial)
		updates := read(t, whole)
		if len(updates) != 1 || updates[0].Kind != whatsapp.KindMessage || updates[0].NumberID != number {
			t.Fatalf("request %d: %+v", i, updates)
		}
		m, c := updates[0].Message, updates[0].Contact
		if m.From != tt.phone || m.Text != text || m.Type != whatsapp.TypeText || !m.Timestamp.Equal(sent) || m.FromUserID == "" {
			t.Errorf("request %d: message %+v", i, m)
		}
		if m.ID != "wamid.HBgNNTUxMTk"+tt.digits+"FQIAEhgUM0E=" || seen[m.ID] {
			t.Errorf("request %d: id %s", i, m.ID)
		}
		if c == nil || c.WaID != tt.phone || c.UserID != m.FromUserID || c.Name == "" {
			t.Errorf("request %d: contact %+v", i, c)
		}
		if r := inbound.RouteOf(updates[0]); r.Rule != inbound.RuleMessage || r.Person.Phone != tt.phone {
			t.Errorf("request %d: route %+v", i, r)
		}
		seen[m.ID] = true
		if size := len(s.body); size < 600 || size > 800 {
			t.Errorf("a webhook of %d bytes", size)
		}
	}
}

func TestStencilAllocatesNothing(t *testing.T) {
	s := newStencil("s", time.Unix(1795300000, 0))
	n := int64(0)
	if got := testing.AllocsPerRun(100, func() { n++; s.fill(int(n), n) }); got > 0 {
		t.Errorf("%v allocations a request", got)
	}
}

func TestBatch(t *testing.T) {
	t.Parallel()
	updates := read(t, request(newSigner("s"), batch(time.Unix(1795300000, 0), 40, 1000, 5)))
	if len(updates) != 1000 {
		t.Fatalf("%d updates", len(updates))
	}
	ids, people := map[string]bool{}, map[string]bool{}
	for i, u := range updates {
		if u.Message == nil || u.Contact == nil || u.Contact.WaID != u.Message.From || u.Message.From != fmt.Sprintf("55119%08d", 40+i) {
			t.Fatalf("update %d: %+v", i, u)
		}
		ids[u.Message.ID], people[u.Message.From] = true, true
	}
	if len(ids) != 1000 || len(people) != 1000 || !ids["wamid.HBgNNTUxMTk000000000005FQIAEhgUM0E="] {
		t.Errorf("%d messages of %d persons", len(ids), len(people))
	}
	// The stencil and the batch are of one make: the same person in both.
	alone := read(t, newStencil("s", time.Unix(1795300000, 0)).fill(40, 5))
	if string(alone[0].Raw) != string(updates[0].Raw) {
		t.Errorf("alone %s\nin a batch %s", alone[0].Raw, updates[0].Raw)
	}
}
