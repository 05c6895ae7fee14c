package app_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ponte-desk/ponte/internal/app"
)

// The person of the story of a merge: a phone from before WhatsApp gave ids, and the id.
const (
	mergedPhone = "5562991234567"
	mergedOld   = "556291234567" // the same mobile as WhatsApp may write it
	mergedID    = "BR.7777123412341234"
)

// hears has the business get a message, named by phone, id or both.
func (w *world) hears(number, id, phone, userID, text string) {
	w.t.Helper()
	contact, message := map[string]any{"profile": map[string]any{"name": "Bia"}}, map[string]any{
		"id": "wamid." + id, "timestamp": fmt.Sprint(w.clock().Unix()), "type": "text", "text": map[string]any{"body": text},
	}
	if phone != "" {
		contact["wa_id"], message["from"] = phone, phone
	}
	if userID != "" {
		contact["user_id"], message["from_user_id"] = userID, userID
	}
	w.control("/sandbox/control/whatsapp/webhooks", map[string]any{"field": "messages", "number": number, "value": map[string]any{
		"messaging_product": "whatsapp", "metadata": map[string]any{"phone_number_id": number, "display_phone_number": "551140034000"},
		"contacts": []any{contact}, "messages": []any{message},
	}})
}

// playMerge is the story of two contacts that turn out to be one person: the first is known by phone and done with, the second
// by id, until a webhook names both.
func playMerge(w *world) {
	w.hears(app.DemoNumber, "a", mergedPhone, "", "de antes m1")
	w.run(10 * time.Second)
	for range 300 {
		if len(w.tickets()) > 0 {
			break
		}
		w.run(time.Second)
	}
	w.status("solved")
	w.run(5 * time.Minute)
	w.hears(app.DemoNumber, "b", "", mergedID, "por id m2")
	w.run(40 * time.Second)
	w.hears(app.DemoNumber, "c", mergedPhone, mergedID, "com ambos m3")
	w.run(time.Second)
	w.hears(app.DemoNumber, "d", mergedOld, "", "por telefone m4")
	w.hears(app.DemoNumber, "e", "", mergedID, "por id m5")
	w.run(5 * time.Minute)
	w.hears(app.DemoNumber, "f", mergedOld, "", "depois m6")
	w.run(5 * time.Minute)
}

// judgeMerge wants the words before the merge on their own tickets, and all later ones on the second.
func judgeMerge(w *world) verdict {
	var v verdict
	byTicket := map[int64][]string{}
	for _, ticket := range w.tickets() {
		for _, c := range w.peers.Zendesk().Comments(ticket.ID) {
			for word := range strings.FieldsSeq(c.Body) {
				if len(word) == 2 && word[0] == 'm' {
					byTicket[ticket.ID] = append(byTicket[ticket.ID], word)
				}
			}
		}
	}
	var got []string
	for _, words := range byTicket {
		slices.Sort(words) // WhatsApp delivers again later what was not taken
		got = append(got, strings.Join(words, " "))
	}
	slices.Sort(got)
	// When the webhook that names both is delivered again later, words by phone have opened a conversation of their own by then, and
	// it is left to people.
	apart := []string{"m1 m4 m6", "m2 m3 m5"}
	if want := []string{"m1", "m2 m3 m4 m5 m6"}; !slices.Equal(got, want) && (!slices.Equal(got, apart) || w.conflicts() != 2) {
		v.fail("on the tickets: %q, %d told of a conflict", got, w.conflicts())
	}
	w.judgeRest(&v)
	return v
}

// conflicts counts the tickets on which people are told that two contacts may be one person.
func (w *world) conflicts() (told int) {
	for _, ticket := range w.tickets() {
		for _, c := range w.peers.Zendesk().Comments(ticket.ID) {
			if strings.Contains(c.Body, "mesma pessoa") && !c.Public {
				told++
			}
		}
	}
	return told
}

// TestMergeWithoutFaults is that story when nothing goes wrong; it also wants the agent's reply to reach the person.
func TestMergeWithoutFaults(t *testing.T) {
	t.Parallel()
	p := &points{story: playMerge, judge: judgeMerge}
	if v := playOnce(t, p); len(v.wrong) > 0 {
		t.Fatalf("%v", v.wrong)
	}
	t.Logf("%d calls", p.n)
}

// TestCrashPointsOfMerges plays it with every fault at every call.
func TestCrashPointsOfMerges(t *testing.T) {
	t.Parallel()
	crashAll(t, playMerge, judgeMerge)
}

// TestMergeConflict wants two open conversations of one person to be left to people, told once on both tickets, and to become
// one when the first has ended.
func TestMergeConflict(t *testing.T) {
	t.Parallel()
	story := func(w *world) {
		w.hears(app.DemoNumber, "a", mergedPhone, "", "por telefone m1")
		w.run(40 * time.Second)
		w.hears(app.DemoNumber, "b", "", mergedID, "por id m2")
		w.run(40 * time.Second)
		w.hears(app.DemoNumber, "c", mergedPhone, mergedID, "com ambos m3")
		w.run(5 * time.Minute)
	}
	judge := func(w *world) (v verdict) {
		if n, told := len(w.tickets()), w.conflicts(); n != 2 || told != 2 {
			v.fail("%d tickets, told %d times", n, told)
		}
		var first string
		for _, ticket := range w.tickets() {
			for _, c := range w.peers.Zendesk().Comments(ticket.ID) {
				if strings.Contains(c.Body, "m1") {
					first = ticket.ExternalID
					if err := w.peers.Zendesk().SetStatus(ticket.ID, w.ana(), "solved"); err != nil {
						w.fatalf("%v", err)
					}
				}
			}
		}
		w.run(5 * time.Minute)
		w.hears(app.DemoNumber, "d", mergedOld, "", "agora m4")
		w.run(5 * time.Minute)
		for _, ticket := range w.tickets() {
			for _, c := range w.peers.Zendesk().Comments(ticket.ID) {
				if strings.Contains(c.Body, "m4") && ticket.ExternalID == first {
					v.fail("the words after the end went to the first ticket")
				}
			}
		}
		if n := len(w.tickets()); n != 2 {
			v.fail("%d tickets at the end", n)
		}
		return v
	}
	if v := playOnce(t, &points{story: story, judge: judge}); len(v.wrong) > 0 {
		t.Error(v.wrong)
	}
}
