package decide_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/decide"
	"github.com/ponte-desk/ponte/bridge/settings"
)

// upload is a file that was uploaded now.
func (w *world) upload(kind string, size int64) *conversation.Attached {
	return &conversation.Attached{
		File: conversation.File{ID: "up-1", Kind: kind, Name: "nota.pdf", MIME: "application/pdf", Size: size, URL: "https://desk/f1"}, Token: "tok", At: at(w.second),
	}
}

func (w *world) replies(kind, text string) conversation.Answer {
	w.t.Helper()
	a := w.ask(conversation.Command{Kind: conversation.CommandReply, Agent: ana(), Text: text, Upload: w.upload(kind, 9), ReplyTo: "wamid.1"})
	if !a.OK {
		w.t.Fatalf("refused: %+v", a)
	}
	return a
}

// transfer is the file that is on its way to a peer.
func (w *world) transfer(to conversation.Peer) conversation.Transfer {
	w.t.Helper()
	for _, p := range slices.Backward(w.thread.Outbox.Background) {
		if p.Effect.Tell != nil && p.Effect.Tell.Event.Ask != nil && p.Effect.Tell.Event.Ask.To == to {
			return *p.Effect.Tell.Event.Ask
		}
	}
	w.t.Fatalf("nothing is on its way to %s: %+v", to, w.thread.Outbox.Background)
	return conversation.Transfer{}
}

// ends tells how a transfer ended.
func (w *world) ends(t conversation.Transfer, r conversation.FileResult) {
	w.t.Helper()
	r.Ask, r.To, r.At = t.Ask, t.To, at(w.second)
	if r.File.ID == "" {
		r.File = t.File
	}
	if t.To == conversation.PeerWhatsApp && r.Refusal == "" {
		r.File.Media = "9001"
	}
	w.decide(conversation.Event{Kind: conversation.EventFile, At: at(w.second), File: &r})
}

// TestReplyWithFile wants the file carried to WhatsApp before it goes, its text below it, and both on the ticket in the agent's name.
func TestReplyWithFile(t *testing.T) {
	t.Parallel()
	w := opened(t)
	a := w.replies("document", "segue a nota")
	if len(a.Effects) != 1 || a.Delivery != conversation.DeliveryQueued || a.State != conversation.StateActive {
		t.Errorf("answer is %+v", a)
	}
	w.wantLane("comment agent public: segue a nota")
	c := w.thread.Outbox.Ticket[0].Effect.Comment
	if f := c.Lines[0].File; f == nil || f.Token != "tok" || !f.At.Equal(at(w.second)) || !f.File.Out || f.File.Agent != agent || c.Agent != agent || !c.Assign {
		t.Errorf("comment is %+v", c)
	}
	if s := w.thread.Outbox.Phone[0].Effect.Send; s.Text != "segue a nota" || s.ReplyTo != "wamid.1" || s.Agent != agent || s.File == nil {
		t.Errorf("send is %+v", s)
	}
	w.wantHeld("file: segue a nota")
	if e := w.transcript[len(w.transcript)-1]; e.File == nil || e.Text != "segue a nota" || e.Type != "document" || e.Origin != conversation.OriginApp || e.Who != "Ana Beatriz" {
		t.Errorf("transcript ends in %+v", e)
	}
	go1 := w.transfer(conversation.PeerWhatsApp)
	if go1.File.URL != "https://desk/f1" || go1.File.Media != "" {
		t.Errorf("on its way: %+v", go1)
	}
	w.ends(go1, conversation.FileResult{})
	w.wantHeld()
	if f := w.thread.Outbox.Phone[0].Effect.Send.File; f.Media != "9001" {
		t.Errorf("sent: %+v", f)
	}
	if f := w.thread.Outbox.Ticket[0].Effect.Comment.Lines[0].File.File; f.Media != "9001" {
		t.Errorf("the comment's file does not tell where WhatsApp has it: %+v", f)
	}
	if e := w.transcript[len(w.transcript)-1]; e.Type != "file" || e.Effect != a.Effects[0] || e.File.Media != "9001" {
		t.Errorf("transcript ends in %+v", e)
	}
}

// TestReplyWithFileWords wants words to stand below what may have words below it, and to go before anything else.
func TestReplyWithFileWords(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		kind, text string
		most       int64
		phone      []string
		line       string
	}{
		"picture":                {"image", "veja", 100, []string{"veja"}, "veja"},
		"without words":          {"image", "", 100, []string{""}, "[Arquivo] nota.pdf"},
		"spoken":                 {"audio", "ouça", 100, []string{"ouça", ""}, "ouça"},
		"sticker":                {"sticker", "olá", 100, []string{"olá", ""}, "olá"},
		"words wait for nothing": {"video", "veja", 8, []string{"veja", ""}, "veja"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := opened(t)
			w.set.Files.MostCaption = tt.most
			a := w.replies(tt.kind, tt.text)
			w.wantPhone(tt.phone...)
			if len(a.Effects) != len(tt.phone) {
				t.Errorf("answer is %+v", a)
			}
			w.wantLane("comment agent public: " + tt.line)
			if first := w.thread.Outbox.Phone[0].Effect.Send; first.ReplyTo != "wamid.1" {
				t.Errorf("the first one quotes %q", first.ReplyTo)
			}
		})
	}
	w := opened(t)
	w.wantRefused(conversation.Command{Kind: conversation.CommandReply, Agent: ana(), Upload: w.upload("image", 9), Choices: &conversation.Choices{}}, conversation.RefusedFile)
}

// TestReplyWithFileOutsideTheWindow wants the file kept like other words, and brought to WhatsApp meanwhile.
func TestReplyWithFileOutsideTheWindow(t *testing.T) {
	t.Parallel()
	w := opened(t)
	w.second = day
	if a := w.replies("document", "segue"); a.Delivery != conversation.DeliveryKept {
		t.Errorf("answer is %+v", a)
	}
	w.wantHeld("window: segue")
	w.ends(w.transfer(conversation.PeerWhatsApp), conversation.FileResult{})
	w.wantHeld("window: segue")
	w.second += 60
	w.says("recebi")
	w.wantHeld()
}

// TestReplyWithFileRefused wants the agent to read why, the words to go without the file, and in transcript_only no file on the ticket that
// the customer never had.
func TestReplyWithFileRefused(t *testing.T) {
	t.Parallel()
	for _, mode := range []settings.Mode{settings.ModeMirror, settings.ModeTranscript} {
		w := opened(t)
		w.set.Mode = mode
		w.replies("document", "segue")
		w.ends(w.transfer(conversation.PeerWhatsApp), conversation.FileResult{Refusal: "“nota.pdf” não foi enviado."})
		w.wantPhone("segue")
		w.wantReason("file refused")
		if e := w.transcript[len(w.transcript)-1]; e.Origin != conversation.OriginApp || e.File != nil {
			t.Errorf("%s: transcript ends in %+v", mode, e)
		}
		if len(w.thread.Conversation.Attached) != 0 {
			t.Errorf("%s: it goes onto the ticket", mode)
		}
		if !strings.Contains(strings.Join(w.lane(), "\n"), "“nota.pdf” não foi enviado.") {
			t.Errorf("%s: the agent does not read why: %q", mode, w.lane())
		}
	}
}

// TestReplyWithFileInTranscriptOnly wants the file with the transcript: as it was uploaded while that is good, else fetched again.
func TestReplyWithFileInTranscriptOnly(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		minutes int
		fetched bool
	}{"at once": {10, false}, "just in time": {39, false}, "too late to be sure": {40, true}, "hours later": {300, true}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := opened(t)
			w.set.Mode, w.set.Transcript.AtEnd = settings.ModeTranscript, settings.TranscriptPrivate
			w.replies("document", "segue")
			w.wantLane("update")
			w.ends(w.transfer(conversation.PeerWhatsApp), conversation.FileResult{})
			w.second += tt.minutes * 60
			w.wantOK(conversation.Command{Kind: conversation.CommandClose, Agent: ana(), Subject: "a", Catalogue: "b", Reason: "c"})
			if tt.fetched {
				if n := len(w.uploadsOnTicket()); n != 0 || w.thread.Conversation.Transcribed {
					t.Fatalf("%d files on the ticket before they are fetched", n)
				}
				again := w.transfer(conversation.PeerZendesk)
				if again.File.Media != "9001" || !again.File.Out {
					t.Errorf("fetched: %+v", again.File)
				}
				w.ends(again, conversation.FileResult{Token: "tok2"})
			}
			want := map[bool]string{false: "tok", true: "tok2"}[tt.fetched]
			if got := w.uploadsOnTicket(); !slices.Equal(got, []string{want}) {
				t.Errorf("on the ticket: %q, want %q", got, want)
			}
			if len(w.thread.Conversation.Attached)+len(w.thread.Conversation.Files) != 0 {
				t.Errorf("left: %+v", w.thread.Conversation)
			}
		})
	}
}

// uploadsOnTicket lists the tokens that comments carry.
func (w *world) uploadsOnTicket() []string {
	var list []string
	for _, p := range w.thread.Outbox.Ticket {
		if p.Effect.Comment != nil {
			for _, a := range p.Effect.Comment.Uploads() {
				list = append(list, a.Token)
			}
		}
	}
	return list
}

// TestReplyFilesOfALongConversation wants them on the ticket on day 6 at the latest, in the agent's name.
func TestReplyFilesOfALongConversation(t *testing.T) {
	t.Parallel()
	w := opened(t)
	w.set.Mode = settings.ModeTranscript
	w.replies("document", "")
	w.ends(w.transfer(conversation.PeerWhatsApp), conversation.FileResult{})
	since := at(w.second)
	for range 6 { // the customer comes back every day
		w.second += day - 3600
		w.says("e aí?")
	}
	w.second = int(since.Add(conversation.MediaLife).Sub(at(0)) / time.Second)
	w.thread = decide.Due(w.thread, w.set, at(w.second)).Thread
	again := w.transfer(conversation.PeerZendesk)
	w.ends(again, conversation.FileResult{Token: "tok2"})
	if got := w.uploadsOnTicket(); !slices.Equal(got, []string{"tok2"}) {
		t.Errorf("on the ticket: %q", got)
	}
	last := w.thread.Outbox.Ticket[len(w.thread.Outbox.Ticket)-1].Effect.Comment
	if last.Author != conversation.AuthorAgent || last.Agent != agent || !last.Public {
		t.Errorf("it is on the ticket as %+v", last)
	}
}

// TestReplyFileThatTheTicketDoesNotTake wants an upload that is gone fetched again, and, when that is in vain, the agent told.
func TestReplyFileThatTheTicketDoesNotTake(t *testing.T) {
	t.Parallel()
	w := opened(t)
	w.replies("document", "segue")
	w.ends(w.transfer(conversation.PeerWhatsApp), conversation.FileResult{})
	w.second += 3600
	gone := conversation.Result{Outcome: conversation.Failed, Code: conversation.CodeUploads}
	w.attempt(conversation.EffectComment, gone)
	w.wantLane("comment agent public: segue")
	again := w.transfer(conversation.PeerZendesk)
	if again.File.Media != "9001" {
		t.Errorf("fetched: %+v", again.File)
	}
	before := len(w.transcript)
	w.ends(again, conversation.FileResult{Token: "tok2"})
	if got := w.uploadsOnTicket(); !slices.Equal(got, []string{"tok2"}) {
		t.Errorf("on the ticket: %q", got)
	}
	if diff := cmp.Diff(before, len(w.transcript)); diff != "" {
		t.Errorf("the transcript tells of it: %s", diff)
	}
	w.second += 3600
	w.attempt(conversation.EffectComment, gone)
	third := w.transfer(conversation.PeerZendesk)
	w.ends(third, conversation.FileResult{Refusal: "“nota.pdf” foi enviado ao cliente, mas não pôde ser guardado no Zendesk."})
	if got := w.lane(); !strings.Contains(got[len(got)-1], "comment ponte private: “nota.pdf” foi enviado ao cliente, mas") {
		t.Errorf("the agent reads %q", got)
	}
	w = opened(t)
	w.replies("document", "segue")
	for range 4 { // refused though they are fresh
		w.second += 60
		w.attempt(conversation.EffectComment, gone)
		if !strings.Contains(strings.Join(w.lane(), "\n"), "não foi aceito pelo Zendesk") {
			w.ends(w.transfer(conversation.PeerZendesk), conversation.FileResult{Token: "tok"})
		}
	}
	if got := strings.Join(w.lane(), "\n"); !strings.Contains(got, "“nota.pdf” foi enviado ao cliente, mas não foi aceito pelo Zendesk") {
		t.Errorf("the agent reads %q", got)
	}
}
