package main

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/mailbox"
	"github.com/ponte-desk/ponte/bridge/store"
	"github.com/ponte-desk/ponte/internal/app"
	"github.com/ponte-desk/ponte/internal/testredis"
)

func TestContactUsage(t *testing.T) {
	onRedis(t, nil)
	for _, args := range [][]string{{"contact"}, {"contact", "export"}, {"contact", "bury", "1"}, {"contact", "erase", "1", "2"}, {"contact", "EXPORT", "1"}} {
		if got := ponte(t, args...); got.code != 2 || !strings.HasPrefix(got.err, "usage: ponte contact ") || got.out != "" {
			t.Errorf("%v: exit %d, %s%s", args, got.code, got.out, got.err)
		}
	}
	for _, verb := range []string{"export", "erase"} {
		for _, id := range []string{"", "nobody", "01JNOBODY", "BR.1", "BR.5511987650142", "(11) 98765-0142", "+1 415 555 0132", "*"} {
			got := ponte(t, "contact", verb, id)
			stops(t, got, 1, "no contact is known by this id, user id or phone")
			if got.out != "" {
				t.Errorf("%s %q says %s", verb, id, got.out)
			}
		}
	}
}

func TestContactWithoutRedis(t *testing.T) {
	environment(t, map[string]string{"REDIS_URL": "redis://:s3cret@127.0.0.1:1/0"})
	for _, verb := range []string{"export", "erase"} {
		if got := ponte(t, "contact", verb, "01JNOBODY"); got.code != 1 || got.err == "" || strings.Contains(got.err, "s3cret") {
			t.Errorf("%s: exit %d: %s", verb, got.code, got.err)
		}
	}
}

// Somebody whom an agent's typed phone made, and who has no thread, is forgotten by the command itself.
func TestEraseWithoutThreads(t *testing.T) {
	r := onRedis(t, nil)
	known := store.NewAliases(r.Client, r.Prefix, func() string { return "01JTYPED" }, 0, time.Now)
	if _, err := known.Claim(t.Context(), conversation.Person{Phone: "5511987650142"}); err != nil {
		t.Fatal(err)
	}
	if got := ponte(t, "contact", "export", "11 8765-0142"); got.code != 0 || !strings.Contains(got.out, `"contact": "01JTYPED"`) {
		t.Errorf("exit %d: %s%s", got.code, got.out, got.err)
	}
	if got := ponte(t, "contact", "erase", "01JTYPED"); got.code != 0 || !strings.Contains(got.out, "contact 01JTYPED") {
		t.Errorf("exit %d: %s%s", got.code, got.out, got.err)
	}
	if left := traces(t, r, "987650142", "87650142"); len(left) > 0 {
		t.Errorf("left: %q", left)
	}
}

// Work that failed for good is part of what is kept of a contact: it is exported, and it goes.
func TestEraseDeadLetters(t *testing.T) {
	r := onRedis(t, nil)
	m := morgueOn(t, r)
	known := store.NewAliases(r.Client, r.Prefix, func() string { return "01JFAILED" }, 0, time.Now)
	if _, err := known.Claim(t.Context(), conversation.Person{Phone: "5511987650142"}); err != nil {
		t.Fatal(err)
	}
	if err := known.Register(t.Context(), "01JFAILED", "106540352242922", conversation.Person{}); err != nil {
		t.Fatal(err)
	}
	key := conversation.Key("106540352242922", "01JFAILED")
	letter := func(e conversation.Effect) []byte {
		raw, err := conversation.Event{Kind: conversation.EventRetry, Effect: &e}.Encode()
		if err != nil {
			t.Fatal(err)
		}
		return raw
	}
	m.bury(key, mailbox.DeadLetter{ID: "1", Reason: "window", Event: letter(conversation.Effect{Kind: conversation.EffectSend, Send: &conversation.Send{Text: "segredo um"}})})
	m.bury(conversation.MediaKey("file"), mailbox.DeadLetter{ID: "2", Reason: "too large", Event: letter(conversation.Effect{
		Kind: conversation.EffectStream, Stream: &conversation.Transfer{Thread: key, File: conversation.File{Name: "segredo dois.pdf"}},
	})})
	m.bury(conversation.Key("106540352242922", "01JOTHER"), mailbox.DeadLetter{ID: "3", Reason: "window", Event: []byte(`{"other":"stays"}`)})
	got := ponte(t, "contact", "export", "01JFAILED")
	for _, words := range []string{"segredo um", "segredo dois.pdf", `"reason": "too large"`} {
		if !strings.Contains(got.out, words) {
			t.Errorf("the export lacks %q: %s%s", words, got.out, got.err)
		}
	}
	if strings.Contains(got.out, "stays") {
		t.Errorf("somebody else's: %s", got.out)
	}
	if got := ponte(t, "contact", "erase", "01JFAILED"); got.code != 0 {
		t.Errorf("exit %d: %s", got.code, got.err)
	}
	letters, err := m.boxes.Dead(t.Context(), 10)
	if err != nil || len(letters) != 1 || letters[0].ID != "3" {
		t.Errorf("left: %+v, %v", letters, err)
	}
}

// traces lists the keys of a Redis whose name or content holds one of the words.
func traces(t *testing.T, r *testredis.Redis, words ...string) (found []string) {
	t.Helper()
	ctx := t.Context()
	keys, err := r.Client.Keys(ctx, "*").Result()
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range keys {
		text := key + "\n" + content(ctx, t, r.Client, key)
		for _, word := range words {
			if strings.Contains(strings.ToLower(text), strings.ToLower(word)) {
				found = append(found, key+" holds "+word)
			}
		}
	}
	slices.Sort(found)
	return found
}

// plainFields is a hash with its state as it was before it was packed.
func plainFields(fields map[string]string, err error) (map[string]string, error) {
	for name, value := range fields {
		plain, err := conversation.StateJSON([]byte(value))
		if err != nil {
			return nil, err
		}
		fields[name] = string(plain)
	}
	return fields, err
}

// content is all that a key holds, whatever its type.
func content(ctx context.Context, t *testing.T, client redis.UniversalClient, key string) string {
	t.Helper()
	kind, err := client.Type(ctx, key).Result()
	if err != nil {
		t.Fatal(err)
	}
	var got any
	switch kind {
	case "none": // expired meanwhile
		return ""
	case "string":
		got, err = client.Get(ctx, key).Result()
	case "hash":
		got, err = plainFields(client.HGetAll(ctx, key).Result())
	case "list":
		got, err = client.LRange(ctx, key, 0, -1).Result()
	case "set":
		got, err = client.SMembers(ctx, key).Result()
	case "zset":
		got, err = client.ZRange(ctx, key, 0, -1).Result()
	case "stream":
		got, err = client.XRange(ctx, key, "-", "+").Result()
	default:
		t.Fatalf("%s is a %s", key, kind)
	}
	if err != nil && err != redis.Nil { //nolint:errorlint // as the client gives it
		t.Fatal(err)
	}
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	if err := e.Encode(got); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// eventually waits until ok.
func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	late := time.NewTimer(patience)
	defer late.Stop()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for !ok() {
		select {
		case <-tick.C:
		case <-late.C:
			t.Fatalf("not in time: %s", what)
		}
	}
}

// call asks the demo for something.
func call(t *testing.T, method, url string, body, into any) {
	t.Helper()
	raw, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(t.Context(), method, url, bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+app.DemoAPISecret)
	req.Header.Set("Content-Type", "application/json")
	client := &http.Client{Timeout: patience}
	defer client.CloseIdleConnections()
	resp, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		t.Fatalf("%s %s: %d", method, url, resp.StatusCode)
	}
	if into == nil {
		return
	}
	if err := json.NewDecoder(resp.Body).Decode(into); err != nil {
		t.Fatal(err)
	}
}

// record is the export as a program reads it.
type record struct {
	Contact string
	IDs     []struct{ Kind, Value string }
	Threads []struct {
		Number      string
		State       json.RawMessage
		Transcripts map[string][]conversation.Entry
	}
}

func export(t *testing.T, id string) (got record) {
	t.Helper()
	out := ponte(t, "contact", "export", id)
	if out.code != 0 {
		return got
	}
	if err := json.Unmarshal([]byte(out.out), &got); err != nil {
		t.Fatalf("%v: %s", err, out.out)
	}
	return got
}

// said tells whether the export's transcripts have a text on a number.
func (r record) said(number, text string) bool {
	for _, thread := range r.Threads {
		for _, entries := range thread.Transcripts {
			if thread.Number == number && slices.ContainsFunc(entries, func(e conversation.Entry) bool { return e.Text == text }) {
				return true
			}
		}
	}
	return false
}

// TestContactOfARunningDemo exports and erases Mariana, who wrote on two numbers and was answered.
func TestContactOfARunningDemo(t *testing.T) {
	r := onRedis(t, map[string]string{"HTTP_ADDR": "127.0.0.1:0", "DATA_DIR": filepath.Join(t.TempDir(), "data")})
	op := app.DemoSettings()
	op.Default.Quiet, op.Default.Longest = 50*time.Millisecond, 200*time.Millisecond
	second := op.Numbers[app.DemoSecondNumber]
	second.Quiet, second.Longest = op.Default.Quiet, op.Default.Longest
	op.Numbers[app.DemoSecondNumber] = second
	if _, err := store.NewSettings(r.Client, r.Prefix, time.Now).Save(t.Context(), *op, "test", 0); err != nil {
		t.Fatal(err)
	}
	s := start(t, "demo")
	url := s.address(s.out, `Ponte demo: (http://127\.0\.0\.1:\d+)/\n`)
	const phone, user = "5511987650142", "BR.2917460385512049"
	write := func(number, text string) {
		call(t, http.MethodPost, url+"/sandbox/phone/api/customers/1/messages?number="+number, map[string]any{"type": "text", "text": map[string]string{"body": text}}, nil)
	}
	write(app.DemoNumber, "meu segredo é azul")
	write(app.DemoSecondNumber, "compro um trator")
	var got record
	eventually(t, "both messages in the export", func() bool {
		got = export(t, user)
		return got.said(app.DemoNumber, "meu segredo é azul") && got.said(app.DemoSecondNumber, "compro um trator")
	})
	for _, id := range []string{got.Contact, user, "(11) 98765-0142", "11 8765-0142", "+55 11 98765-0142", "551187650142"} {
		if other := export(t, id); other.Contact != got.Contact || len(other.Threads) != 2 || len(other.IDs) != 3 {
			t.Errorf("by %s: %+v", id, other)
		}
	}
	for _, thread := range got.Threads {
		var state conversation.Thread
		if err := json.Unmarshal(thread.State, &state); err != nil || state.Contact.Name != "Mariana Albuquerque" || state.Contact.UserID != user || len(thread.Transcripts) != 1 {
			t.Errorf("thread on %s: %v, %s", thread.Number, err, thread.State)
		}
	}
	session := conversation.SessionID(app.DemoNumber, got.Contact, 1)
	call(t, http.MethodPost, url+"/api/v1/conversations/"+session+"/reply", map[string]any{"id": "reply-001", "text": "anotei o segredo"}, nil)
	eventually(t, "the reply in the export", func() bool { return export(t, user).said(app.DemoNumber, "anotei o segredo") })

	personal := []string{"Mariana", phone, phone[5:], user, user[3:], "segredo", "trator"}
	before := strings.Join(traces(t, r, personal...), "\n") + "\n"
	for _, word := range personal {
		if !strings.Contains(before, " holds "+word+"\n") {
			t.Errorf("nothing holds %q before the erasure: it would not be found either", word)
		}
	}
	request := erase(t, got.Contact, user)
	var left []string
	gone := time.NewTimer(patience)
	defer gone.Stop()
	eventually(t, "nobody known any more", func() bool { return ponte(t, "contact", "export", user).code == 1 })
	for left = traces(t, r, personal...); len(left) > 0; left = traces(t, r, personal...) {
		select {
		case <-gone.C:
			t.Fatalf("left of an erased contact:\n%s", strings.Join(left, "\n"))
		case <-time.After(100 * time.Millisecond):
		}
	}
	for _, id := range []string{got.Contact, user, phone, "551187650142"} {
		stops(t, ponte(t, "contact", "export", id), 1, "no contact is known by this id, user id or phone")
	}
	recorded(t, r, request, got.Contact)
	var requests []struct {
		Method, Path string
		Status       int
	}
	call(t, http.MethodGet, url+"/sandbox/control/requests", nil, &requests)
	if !slices.ContainsFunc(requests, func(r struct {
		Method, Path string
		Status       int
	},
	) bool {
		return r.Method == http.MethodDelete && strings.HasSuffix(r.Path, "/"+app.DemoNumber+"/contact_book") && r.Status == http.StatusOK
	}) {
		t.Errorf("WhatsApp's contact book was not told: %+v", requests)
	}

	write(app.DemoNumber, "sou eu de novo")
	var after record
	eventually(t, "the new message in the export", func() bool {
		after = export(t, user)
		return after.said(app.DemoNumber, "sou eu de novo")
	})
	if after.Contact == got.Contact || after.said(app.DemoNumber, "meu segredo é azul") {
		t.Errorf("the new contact is %+v", after)
	}
	if code := s.end(); code != 0 {
		t.Errorf("exit %d: %s", code, s.err)
	}
	for _, word := range personal {
		if strings.Contains(s.err.String(), word) {
			t.Errorf("%q is logged", word)
		}
	}
}

// erase has a contact erased and returns the request's name.
func erase(t *testing.T, contact, id string) (request string) {
	t.Helper()
	got := ponte(t, "contact", "erase", id)
	before, rest, ok := strings.Cut(got.out, " (request ")
	if got.code != 0 || !ok || before != "contact "+contact+": 2 threads are erased by the running instances" {
		t.Fatalf("exit %d: %s%s", got.code, got.out, got.err)
	}
	return strings.TrimSuffix(strings.TrimSpace(rest), ")")
}

// recorded wants the request in the mailboxes of both numbers' accounts.
func recorded(t *testing.T, r *testredis.Redis, request, contact string) {
	t.Helper()
	boxes, closeIt, err := app.OpenMailboxes(t.Context(), app.Config{RedisURL: r.URL, RedisPrefix: r.Prefix})
	if err != nil {
		t.Fatal(err)
	}
	defer closeIt()
	for _, number := range []string{app.DemoNumber, app.DemoSecondNumber} {
		eventually(t, "the record on "+number, func() bool {
			raw, _, err := boxes.Field(t.Context(), conversation.AccountPrefix+number, "s")
			return err == nil && bytes.Contains(raw, []byte(request)) && bytes.Contains(raw, []byte(contact))
		})
	}
}
