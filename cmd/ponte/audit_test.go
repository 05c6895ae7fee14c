package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/ponte-desk/ponte/audit"
	"github.com/ponte-desk/ponte/audit/classify"
	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/settings"
	"github.com/ponte-desk/ponte/internal/testredis"
)

// silent keeps a conversation in which the customer went silent four hours before a Wednesday afternoon, and returns its session.
func silent(t *testing.T, r *testredis.Redis, n int, subject string) string {
	t.Helper()
	began := time.Date(2026, 3, 4, 14, 0, 0, 0, time.UTC)
	thread := conversation.NewThread("5511", fmt.Sprint("c", n))
	session := conversation.SessionID("5511", thread.Contact.ID, 1)
	thread.Count = 1
	thread.Conversation = &conversation.Conversation{
		Session: session, State: conversation.StateActive, Started: began, First: "m1", Attended: true, Owner: 31, Lines: 2,
		Ticket: conversation.Ticket{ID: int64(1000 + n), Status: "open", Assignee: 31, Group: 70, Organization: 40, Subject: subject},
	}
	boxes := morgueOn(t, r).boxes
	put := func(key, name string) string {
		return fmt.Sprintf("%s{w%d}:%s", r.Prefix, boxes.Partition(key), name)
	}
	raw, err := conversation.EncodeState(thread)
	if err != nil {
		t.Fatal(err)
	}
	key := thread.Key()
	pipe := r.Client.Pipeline()
	pipe.HSet(t.Context(), put(key, "c:"+key), conversation.StateField, raw)
	pipe.ZAdd(t.Context(), put(key, "ix:"+conversation.ViewAudit), redis.Z{Score: float64(began.UnixMilli()), Member: key})
	for _, e := range []conversation.Entry{
		{At: began, Author: conversation.AuthorCustomer, Message: "m1", Type: "text", Text: "Como emito a nota?", Origin: conversation.OriginWhatsApp},
		{At: began.Add(time.Minute), Author: conversation.AuthorAgent, Agent: 31, Who: "Ana", Effect: "1", Text: "Pela rotina 203.", Origin: conversation.OriginTicket},
	} {
		line, err := json.Marshal(e)
		if err != nil {
			t.Fatal(err)
		}
		pipe.RPush(t.Context(), put(key, "tx:"+session), line)
	}
	if _, err := pipe.Exec(t.Context()); err != nil {
		t.Fatal(err)
	}
	return session
}

// afternoon is when these tests look.
const afternoon = "2026-03-04T15:00:00-03:00"

func TestAuditUsage(t *testing.T) {
	environment(t, map[string]string{"REDIS_URL": "redis://127.0.0.1:1"})
	for _, args := range [][]string{
		{"audit"},
		{"audit", "RUN"},
		{"audit", "run", "now"},
		{"audit", "run", "--dry"},
		{"audit", "run", "--timeout", "soon"},
		{"audit", "run", "--timeout", "0s"},
		{"audit", "run", "--at", afternoon}, // only a dry run can look at another time
	} {
		if got := ponte(t, args...); got.code != 2 || !strings.HasPrefix(got.err, "usage: ponte audit run [--dry-run") || got.out != "" {
			t.Errorf("%v: exit %d, %q", args, got.code, got.err)
		}
	}
	stops(t, ponte(t, "audit", "run", "--dry-run", "--at", "today"), 1, "--at today is no time: write it as 2026-11-30T18:00:00-03:00")
	for _, args := range [][]string{{"audit", "run"}, {"audit", "run", "--dry-run"}} {
		if got := ponte(t, args...); got.code != 1 || !strings.Contains(got.err, "connection refused") {
			t.Errorf("%v without Redis: exit %d, %q", args, got.code, got.err)
		}
	}
}

func TestAuditDryRun(t *testing.T) {
	r := onRedis(t, nil)
	session := silent(t, r, 1, "Dúvida sobre emissão de nota")
	untitled := silent(t, r, 2, "Atendimento iniciado via WhatsApp")
	before := r.Mini.Dump()
	got := ponte(t, "audit", "run", "--dry-run", "--at", afternoon)
	if got.code != 0 || got.err != "" {
		t.Fatalf("exit %d: %s", got.code, got.err)
	}
	for _, text := range []string{
		session + "  ticket 1001  client_abandonment  (customer_silent)\n  macro=\"Auditoria Whatsapp | Abandono do Cliente\" status=solved assignee=31 group=70 ",
		untitled + "  ticket 1002  client_abandonment + wrong_title  (customer_silent)\n", `subject="Como emito a nota?"`,
		" transcript=public conversation=closed\n    O atendente deu a última resposta e o cliente não voltou a perguntar nada.\n    ",
		"\nclient_abandonment  2\n2 conversations judged; nothing was changed\n",
	} {
		if !strings.Contains(got.out, text) {
			t.Errorf("no %q in:\n%s", text, got.out)
		}
	}
	if after := r.Mini.Dump(); after != before {
		t.Error("a dry run has written something")
	}
	same(t, "before anything was due", ponte(t, "audit", "run", "--dry-run", "--at", "2026-03-04T10:59:59-03:00"), outcome{
		out: "0 conversations judged; nothing was changed\n",
	})
}

func TestAuditDryRunAsJSON(t *testing.T) {
	r := onRedis(t, nil)
	session := silent(t, r, 1, "Dúvida sobre emissão de nota")
	got := ponte(t, "audit", "run", "--dry-run", "--json", "--at", afternoon)
	lines := bufio.NewScanner(strings.NewReader(got.out))
	var f audit.Finding
	var last struct{ Counts audit.Counts }
	for _, into := range []any{&f, &last} {
		if !lines.Scan() || json.Unmarshal(lines.Bytes(), into) != nil {
			t.Fatalf("exit %d: %s%s", got.code, got.out, got.err)
		}
	}
	if f.Session != session || f.Ticket != 1001 || f.Outcome != classify.OutcomeClientAbandonment || f.Changes.Status != "solved" || f.Evidence == "" {
		t.Errorf("finding %+v", f)
	}
	same(t, "counts", last.Counts, audit.Counts{Looked: 1, Outcomes: map[classify.Outcome]int{classify.OutcomeClientAbandonment: 1}})
	if lines.Scan() {
		t.Errorf("one line more: %s", lines.Text())
	}
}

// A dry run goes by the settings that are stored.
func TestAuditDryRunBySettings(t *testing.T) {
	r := onRedis(t, nil)
	silent(t, r, 1, "Dúvida sobre emissão de nota")
	op := settings.DefaultOperation()
	op.Default.Audit.On = false
	if _, err := keptOn(t, r).Save(t.Context(), op, "test", 0); err != nil {
		t.Fatal(err)
	}
	same(t, "switched off", ponte(t, "audit", "run", "--dry-run", "--at", afternoon), outcome{
		out: "not audited by settings  1\n0 conversations judged; nothing was changed\n",
	})
}

// Without an instance the command says so in time; the next instance does what was asked for.
func TestAuditRun(t *testing.T) {
	r := onRedis(t, complete())
	silent(t, r, 1, "Dúvida sobre emissão de nota")
	got := ponte(t, "audit", "run", "--timeout", "300ms")
	if got.code != 1 || got.out != "" || !strings.Contains(got.err, "after 300ms: no instance has taken it up: is `ponte serve` running on this Redis?") {
		t.Errorf("exit %d: %s%s", got.code, got.out, got.err)
	}
	s := start(t, "serve")
	s.address(s.err, `"listening","addr":"([^"]+)"`)
	first := ponte(t, "audit", "run", "--timeout", "30s")
	if first.code != 0 || !strings.HasSuffix(first.out, " woken for the auditor\n") {
		t.Errorf("exit %d: %s%s", first.code, first.out, first.err)
	}
	second := ponte(t, "audit", "run", "--json") // runs though nothing is due
	var woken struct{ Woken *int }
	if err := json.Unmarshal([]byte(second.out), &woken); err != nil || woken.Woken == nil || second.code != 0 {
		t.Errorf("exit %d: %s%s", second.code, second.out, second.err)
	}
	if code := s.end(); code != 0 {
		t.Errorf("exit %d: %s", code, s.err)
	}
}
