package decide_test

import (
	"strings"
	"testing"
	"time"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/decide"
	"github.com/ponte-desk/ponte/bridge/settings"
)

// quiet is a world whose number writes nothing on the ticket but the transcript.
func quiet(t *testing.T) *world {
	t.Helper()
	w := setup(t)
	w.set.Mode = settings.ModeTranscript
	return w
}

// photo lets the customer send a picture.
func (w *world) photo(id string) {
	w.t.Helper()
	w.decide(conversation.Event{Kind: conversation.EventMessage, ID: id, At: at(w.second), Message: &conversation.Message{
		ID: id, Type: "image", Text: "[Imagem]", Sent: at(w.second), File: &conversation.File{ID: id, Kind: "image", Media: "m" + id},
	}})
}

// fetched lets a customer's file be at Zendesk.
func (w *world) fetched(ask conversation.Transfer, refusal string) {
	w.t.Helper()
	f := ask.File
	f.Name = "foto.jpg"
	r := conversation.FileResult{Ask: ask.Ask, To: ask.To, File: f, At: at(w.second), Token: "tok", Refusal: refusal}
	if refusal != "" {
		r.Token = ""
	}
	w.decide(conversation.Event{Kind: conversation.EventFile, At: at(w.second), File: &r})
}

func TestTranscriptOnly(t *testing.T) {
	t.Parallel()
	w := quiet(t)
	w.says("oi")
	w.photo("p1")
	w.wantLane("user", "create ponte private: "+w.set.Texts.StartedText)
	w.attempt(conversation.EffectUser, conversation.Result{Outcome: conversation.Done, User: contactUser})
	w.attempt(conversation.EffectCreate, conversation.Result{Outcome: conversation.Done, Ticket: &conversation.TicketResult{ID: ticket, Status: "new", Comments: []int64{1}}})
	w.says("mais")
	w.wantLane()
	if got := w.asked(conversation.PeerZendesk); len(got) > 0 {
		t.Errorf("files were fetched: %+v", got)
	}

	w.pulls("solved", reply(5, "resolvido"))
	asked := w.asked(conversation.PeerZendesk)
	if len(asked) != 1 {
		t.Fatalf("asked for %+v", asked)
	}
	w.wantLane() // the transcript waits for the file
	w.fetched(asked[0], "")
	if len(w.thread.Outbox.Ticket) != 1 {
		t.Fatalf("ticket lane is %q", w.lane())
	}
	c := w.thread.Outbox.Ticket[0].Effect.Comment
	if c.Transcript != "wa-100-c1-1" || c.Public || len(c.Uploads()) != 1 || c.Uploads()[0].Token != "tok" {
		t.Errorf("comment is %+v", c)
	}
	w.wantState(conversation.StateClosed)
}

func TestTranscriptWithAFileThatNeverCame(t *testing.T) {
	t.Parallel()
	w := quiet(t)
	w.photo("p1")
	w.thread.Conversation.Ticket = conversation.Ticket{ID: ticket, Status: "open"}
	w.thread.Outbox = conversation.Outbox{}
	w.pulls("solved")
	w.fetched(w.asked(conversation.PeerZendesk)[0], "não está mais disponível")
	if got := strings.Join(w.lane(), "\n"); !strings.Contains(got, "não está mais disponível") || len(w.lane()) != 2 {
		t.Errorf("ticket lane is %q", w.lane())
	}
}

// TestFilesBeforeWhatsAppForgets fetches on the sixth day what was left for the end.
func TestFilesBeforeWhatsAppForgets(t *testing.T) {
	t.Parallel()
	w := quiet(t)
	w.photo("p1")
	w.thread.Conversation.Ticket = conversation.Ticket{ID: ticket, Status: "open"}
	w.thread.Outbox = conversation.Outbox{}
	w.thread.LastInbound = at(6 * 24 * 60 * 60) // the conversation goes on
	due := decide.Deadline(w.thread, w.set)
	if want := at(0).Add(6 * 24 * time.Hour); !due.Equal(want) {
		t.Fatalf("the deadline is %v, want %v", due, want)
	}
	if d := decide.Due(w.thread, w.set, due.Add(-time.Second)); len(d.Thread.Outbox.Background) > 0 {
		t.Error("fetched early")
	}
	w.thread = decide.Due(w.thread, w.set, due).Thread
	if next := decide.Deadline(w.thread, w.set); !next.Equal(at(7 * 24 * 60 * 60)) {
		t.Errorf("the next deadline is %v, want the expiry", next)
	}
	w.fetched(w.asked(conversation.PeerZendesk)[0], "")
	w.wantLane("comment customer public: [Arquivo] foto.jpg")
}

func TestTranscriptAtTheEnd(t *testing.T) {
	t.Parallel()
	w := opened(t)
	w.set.Transcript.AtEnd = settings.TranscriptPublic
	d := w.pulls("solved")
	if len(d.Keeps) != 1 || d.Keeps[0] != (decide.Keep{Session: "wa-100-c1-1", For: w.set.Keep.Transcripts}) {
		t.Errorf("kept %+v", d.Keeps)
	}
	c := w.thread.Outbox.Ticket[0].Effect.Comment
	if c.Transcript != "wa-100-c1-1" || !c.Public {
		t.Errorf("comment is %+v", c)
	}
	d = w.pulls("open")
	if len(d.Keeps) != 1 || d.Keeps[0].For != 0 {
		t.Errorf("a conversation that goes on is kept %+v", d.Keeps)
	}
}

// TestFileGoesWithItsMessage puts a file on the comment of its message while that waits, else on one of its own.
func TestFileGoesWithItsMessage(t *testing.T) {
	t.Parallel()
	w := opened(t)
	w.photo("p1")
	w.photo("p2")
	asked := w.asked(conversation.PeerZendesk)
	w.fetched(asked[0], "")
	w.wantLane("comment customer public: [Imagem] | [Imagem]")
	if got := w.thread.Outbox.Ticket[0].Effect.Comment.Uploads(); len(got) != 1 || got[0].File.ID != "p1" {
		t.Errorf("uploads are %+v", got)
	}
	w.second += 120
	w.attempt(conversation.EffectComment, conversation.Result{Outcome: conversation.Done, Ticket: &conversation.TicketResult{ID: ticket, Status: "open", Comments: []int64{9}}})
	w.fetched(asked[1], "")
	w.wantLane("comment customer public: [Arquivo] foto.jpg")
}

// TestUploadsThatExpired are fetched anew, and the words go without them.
func TestUploadsThatExpired(t *testing.T) {
	t.Parallel()
	w := opened(t)
	w.photo("p1")
	w.fetched(w.asked(conversation.PeerZendesk)[0], "")
	w.second += 3 * 3600
	w.attempt(conversation.EffectComment, conversation.Result{Outcome: conversation.Failed, Code: conversation.CodeUploads})
	w.wantLane("comment customer public: [Imagem]")
	if got := w.thread.Outbox.Ticket[0].Effect.Comment.Uploads(); len(got) > 0 {
		t.Errorf("uploads are %+v", got)
	}
	if got := w.asked(conversation.PeerZendesk); len(got) != 1 {
		t.Errorf("asked for %+v", got)
	}
	if len(w.dead) > 0 {
		t.Errorf("dead letters: %+v", w.dead)
	}
}

func TestMasked(t *testing.T) {
	t.Parallel()
	w := opened(t)
	w.set.Mask = settings.Mask{CPF: true, Cards: true}
	w.says("meu CPF é 529.982.247-25 e o cartão 4111 1111 1111 1111")
	if got := strings.Join(w.lane(), ""); strings.Contains(got, "529.982") || strings.Contains(got, "4111 1111") || !strings.Contains(got, "meu CPF é") {
		t.Errorf("ticket lane is %q", got)
	}
}
