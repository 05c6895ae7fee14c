package decide_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/settings"
)

func link(to int64, hours int, messages ...string) conversation.Command {
	return conversation.Command{Kind: conversation.CommandLink, Agent: ana(), Ticket: to, Hours: hours, Messages: messages}
}

// wantLinked is what the timeline says last of links.
func (w *world) wantLinked(text string) {
	w.t.Helper()
	last := w.transcript[len(w.transcript)-1]
	want := conversation.Entry{At: at(w.second), Type: "linked", Author: conversation.AuthorPonte, Origin: conversation.OriginApp, Agent: agent, Who: "Ana Beatriz", Text: text}
	if diff := cmp.Diff(want, last); diff != "" {
		w.t.Errorf("timeline (-want +got):\n%s", diff)
	}
}

// TestLink wants messages copied by an effect that carries which they are and none of their words, and the timeline to say where they are.
func TestLink(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		command conversation.Command
		want    conversation.Link
		linked  conversation.Linked
		told    string
	}{
		"chosen ones": {
			link(77, 0, "e3", "wamid.1"),
			conversation.Link{Ticket: 77, Messages: []string{"e3", "wamid.1"}},
			conversation.Linked{Ticket: 77, Count: 2},
			"Mensagens vinculadas ao ticket #77: 2 mensagens (Ana Beatriz)",
		},
		"of some hours": {
			link(77, 3),
			conversation.Link{Ticket: 77, Since: at(60 - 3*hour), Until: at(60)},
			conversation.Linked{Ticket: 77, Count: 1},
			"Mensagens vinculadas ao ticket #77: 1 mensagem (Ana Beatriz)",
		},
		"a new ticket": {
			conversation.Command{Kind: conversation.CommandLink, Agent: ana(), Subject: " Nota fiscal ", Messages: []string{"e3"}},
			conversation.Link{Subject: "Nota fiscal", Messages: []string{"e3"}},
			conversation.Linked{Ticket: 90, Count: 1, New: true, Left: []string{"grupo"}},
			"Mensagens vinculadas ao novo ticket #90: 1 mensagem; o Zendesk não aceitou: grupo (Ana Beatriz)",
		},
		"nobody knows how many": {link(77, 3), conversation.Link{Ticket: 77, Since: at(60 - 3*hour), Until: at(60)}, conversation.Linked{Ticket: 77}, "Mensagens vinculadas ao ticket #77 (Ana Beatriz)"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := opened(t)
			w.second = 60
			before := w.lane()
			a := w.ask(tt.command)
			if !a.OK || len(a.Effects) != 1 || a.State != conversation.StateQueued {
				t.Errorf("answer is %+v", a)
			}
			tt.want.Session, tt.want.Origin, tt.want.By, tt.want.First = w.thread.Conversation.Session, ticket, ana(), at(60)
			p := w.start(conversation.EffectLink)
			if diff := cmp.Diff(&tt.want, p.Effect.Link); diff != "" {
				t.Errorf("effect (-want +got):\n%s", diff)
			}
			w.result(p, conversation.Result{Outcome: conversation.Done, Linked: &tt.linked})
			w.wantLinked(tt.told)
			w.wantReason("messages linked")
			if diff := cmp.Diff(before, w.lane()); diff != "" {
				t.Errorf("its own ticket is told (-before +after):\n%s", diff)
			}
		})
	}
}

// TestLinkFails wants the agent to read why messages are not on the other ticket; what nobody knows the reason of is a dead letter too.
func TestLinkFails(t *testing.T) {
	t.Parallel()
	for code, tt := range map[string]struct {
		told string
		dead int
	}{
		conversation.CodeTicketClosed: {"As mensagens não foram vinculadas ao ticket #77: ele está fechado (Ana Beatriz)", 0},
		conversation.CodeTicketGone:   {"As mensagens não foram vinculadas ao ticket #77: ele não existe ou foi excluído (Ana Beatriz)", 0},
		conversation.CodeNothing:      {"As mensagens não foram vinculadas ao ticket #77: nenhuma das mensagens escolhidas foi encontrada nesta conversa (Ana Beatriz)", 0},
		"":                            {"As mensagens não foram vinculadas ao ticket #77: o Zendesk recusou o pedido (Ana Beatriz)", 1},
	} {
		t.Run(code, func(t *testing.T) {
			t.Parallel()
			w := opened(t)
			w.wantOK(link(77, 1))
			w.attempt(conversation.EffectLink, conversation.Result{Outcome: conversation.Failed, Code: code, Reason: "422"})
			w.wantLinked(tt.told)
			if len(w.dead) != tt.dead {
				t.Errorf("dead: %+v", w.dead)
			}
		})
	}
	w := opened(t)
	w.wantOK(link(77, 1))
	w.attempt(conversation.EffectLink, conversation.Result{Outcome: conversation.Failed})
	w.decide(conversation.Event{Kind: conversation.EventRetry, At: at(0), Effect: &w.dead[0].Effect})
	w.attempt(conversation.EffectLink, conversation.Result{Outcome: conversation.Done, Linked: &conversation.Linked{Ticket: 77, Count: 1}})
	w.wantLinked("Mensagens vinculadas ao ticket #77: 1 mensagem (Ana Beatriz)")
}

// TestLinkAfterTheEnd wants an earlier conversation's result told in the next one.
func TestLinkAfterTheEnd(t *testing.T) {
	t.Parallel()
	w := opened(t)
	w.set.Ending = settings.Ending{}
	w.thread.Conversation.State, w.thread.Conversation.Ended = conversation.StateClosed, at(-3600)
	w.wantOK(link(77, 1))
	first := w.thread.Conversation.Session
	w.says("outra coisa")
	if w.thread.Conversation.Session == first {
		t.Fatal("it is the same conversation")
	}
	w.attempt(conversation.EffectLink, conversation.Result{Outcome: conversation.Done, Linked: &conversation.Linked{Ticket: 77, Count: 1}})
	w.wantLinked("Mensagens vinculadas ao ticket #77: 1 mensagem, da conversa " + first + " (Ana Beatriz)")
}

func TestLinkRefused(t *testing.T) {
	t.Parallel()
	w := opened(t)
	w.wantRefused(link(77, 0), conversation.RefusedEmpty)
	w.wantRefused(link(ticket, 1), conversation.RefusedNowhere)
	w.wantRefused(link(0, 1), conversation.RefusedMissing)
	blank := link(0, 1)
	blank.Subject = " "
	w.wantRefused(blank, conversation.RefusedMissing)
	w = setup(t)
	w.says("oi")
	blank.Subject = "Nota"
	w.wantRefused(blank, conversation.RefusedMissing)
}

// TestCommandsOfMessages wants what a command said to be known by the id that the client chose.
func TestCommandsOfMessages(t *testing.T) {
	t.Parallel()
	w := opened(t)
	w.wantOK(conversation.Command{ID: "100|c1:bubble-1", Kind: conversation.CommandReply, Agent: ana(), Text: "olá"})
	w.wantOK(conversation.Command{ID: "bubble-2", Kind: conversation.CommandNote, Agent: ana(), Text: "nota"})
	var ids []string
	for _, e := range w.transcript {
		if e.Command != "" {
			ids = append(ids, e.Command)
		}
	}
	if got := strings.Join(ids, " "); got != "bubble-1 bubble-2" {
		t.Errorf("known by %q", got)
	}
}
