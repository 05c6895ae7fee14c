package app_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ponte-desk/ponte/bridge/store"
	"github.com/ponte-desk/ponte/sandbox/desk"
)

const (
	megabyte = 1 << 20
	// largest is the largest document that WhatsApp carries, in bytes.
	largest = 100 * megabyte
	// mostGrown is how much more memory an instance may take while it carries such files, in bytes.
	mostGrown = 32 * megabyte
	// mostLater is how much later than elsewhere words may come where a file is on its way.
	// The figure is printed; what fails is a word that waits for the file, which takes several times as long. The account's budget
	// alone may hold a word back for a second or two.
	mostLater = 4 * time.Second
)

// TestProcessCarriesLargeFiles carries the largest files both ways through an instance: words of the same thread don't wait for
// them, and they don't stay in its memory.
func TestProcessCarriesLargeFiles(t *testing.T) {
	binary := filepath.Join(t.TempDir(), "ponte")
	build := exec.CommandContext(t.Context(), "go", "build", "-trimpath", "-o", binary, "github.com/ponte-desk/ponte/cmd/ponte")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	f := newFleet(t, binary)
	op := plainOperation()
	op.Default.Quiet, op.Default.Longest, op.Default.Files.MostInbound = 200*time.Millisecond, time.Second, largest
	op.Account.RequestsPerMinute, op.Account.UpdatesPerMinute = 2500, 300 // an account whose limits delay nobody here
	if _, err := store.NewSettings(f.r.Client, f.r.Prefix, time.Now).Save(t.Context(), op, "test", 1); err != nil {
		t.Fatal(err)
	}
	if err := f.peers.Zendesk().SetKnobs(desk.Knobs{MaxFileSize: largest}); err != nil {
		t.Fatal(err)
	}
	url := f.slowPeers()
	p := f.start("PONTE_WHATSAPP_API_URL="+url+"/sandbox/whatsapp", "PONTE_ZENDESK_URL="+url+"/sandbox/zendesk")
	var people []*person // few, so that the account's limits delay nobody
	for i, c := range f.peers.WhatsApp().Customers()[:2] {
		who := &person{tag: fmt.Sprintf("c%d", i), as: c}
		who.written = []string{who.word("m", 1)}
		if _, err := f.peers.WhatsApp().ReceiveFrom(c.ID, "bom dia "+who.written[0]); err != nil {
			t.Fatal(err)
		}
		people = append(people, who)
	}
	f.bind(people)
	eventually(t, patience, "the first words are dealt with", f.quiet)
	memory := watchMemory(t, p)
	for _, carry := range []struct {
		what string
		send func(*person) (arrived func() bool)
	}{{"a customer's document of 100 MB", f.sendsLargest}, {"an agent's PDF of 90 MB", f.attachesLarge}} {
		f.carry(people[0], people[1], carry.what, carry.send)
	}
	if grown := memory(); grown > mostGrown {
		t.Errorf("the instance took %d MB more", grown/megabyte)
	}
	for _, who := range people {
		if got := f.wordsOn(who.ticket, who.tag+"-m"); !slices.Equal(got, who.written) {
			t.Errorf("%s: on the ticket %v, accepted %v", who.tag, got, who.written)
		}
		if got := f.wordsFor(who); !slices.Equal(got, who.replies) {
			t.Errorf("%s: on the phone %v, replies %v", who.tag, got, who.replies)
		}
	}
	f.end()
}

// slowPeers serves the peers over connections on which files pass as slowly as over a distance. The addresses that the peers tell
// lead there as well.
func (f *fleet) slowPeers() (url string) {
	f.t.Helper()
	ln, err := new(net.ListenConfig).Listen(f.t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		f.t.Fatal(err)
	}
	url = "http://" + ln.Addr().String()
	srv := &http.Server{ReadHeaderTimeout: soon, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case strings.Contains(r.URL.Path, "/whatsapp/media/"):
			f.peers.Handler().ServeHTTP(slowWriter{w, newPace(r)}, r)
			return
		case strings.Contains(r.URL.Path, "/attachments/token/"):
			f.peers.Handler().ServeHTTP(w, r)
			return
		case r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/media"):
			r.Body = slowBody{r.Body, newPace(r)}
		}
		rec := httptest.NewRecorder()
		f.peers.Handler().ServeHTTP(rec, r)
		maps.Copy(w.Header(), rec.Header())
		w.Header().Del("Content-Length")
		w.WriteHeader(rec.Code)
		w.Write(bytes.ReplaceAll(rec.Body.Bytes(), []byte(base), []byte(url)))
	})}
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = srv.Serve(ln)
	}()
	f.t.Cleanup(func() {
		srv.Close()
		<-done
	})
	return url
}

// pace lets a megabyte pass every now and then.
type pace struct {
	r      *http.Request
	passed int
}

func newPace(r *http.Request) *pace { return &pace{r: r} }

func (p *pace) pass(n int) {
	if p.passed += n; p.passed < megabyte {
		return
	}
	p.passed = 0
	late := time.NewTimer(60 * time.Millisecond)
	defer late.Stop()
	select {
	case <-late.C:
	case <-p.r.Context().Done():
	}
}

// slowWriter is an answer that leaves slowly.
type slowWriter struct {
	http.ResponseWriter

	pace *pace
}

// Write implements io.Writer.
func (s slowWriter) Write(b []byte) (int, error) {
	n, err := s.ResponseWriter.Write(b)
	s.pace.pass(n)
	return n, err
}

// slowBody is a request that is taken in slowly.
type slowBody struct {
	io.ReadCloser

	pace *pace
}

// Read implements io.Reader.
func (s slowBody) Read(b []byte) (int, error) {
	n, err := s.ReadCloser.Read(b)
	s.pace.pass(n)
	return n, err
}

// watchMemory measures how much memory a process holds until the function is called that it returns, and that tells by how much
// that grew, in bytes. Where the system does not tell, nothing grows.
func watchMemory(t *testing.T, p *process) (grown func() int64) {
	t.Helper()
	resident := func() int64 {
		status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
		if err != nil {
			return 0
		}
		_, rest, _ := strings.Cut(string(status), "VmRSS:")
		kilobytes, err := strconv.ParseInt(strings.Fields(rest)[0], 10, 64)
		if err != nil {
			return 0
		}
		return kilobytes << 10
	}
	before, most, stop := resident(), int64(0), make(chan struct{})
	if before == 0 {
		t.Log("the memory of processes is not told here")
	}
	var watching sync.WaitGroup
	watching.Go(func() {
		tick := time.NewTicker(20 * time.Millisecond)
		defer tick.Stop()
		for {
			most = max(most, resident())
			select {
			case <-tick.C:
			case <-stop:
				return
			}
		}
	})
	end := sync.OnceFunc(func() {
		close(stop)
		watching.Wait()
	})
	t.Cleanup(end)
	return func() int64 {
		end()
		t.Logf("memory: %.1f MB before, %.1f MB at most", float64(before)/megabyte, float64(most)/megabyte)
		return most - before
	}
}

// carry has a file sent in one person's thread, and words written in it and in another's at the same times, both ways.
func (f *fleet) carry(with, without *person, what string, send func(*person) (arrived func() bool)) {
	f.t.Helper()
	arrived := send(with)
	began := time.Now()
	both := []*person{with, without}
	took := f.meanwhile(both, 4)
	words := since(began)
	if arrived() {
		f.t.Errorf("%s was there before the last words", what)
	}
	file := eventually(f.t, patience, what+" arrives", arrived) + words
	for i, kind := range []string{"from the customer to the ticket", "from the agent to the phone"} {
		with, without := slices.Max(took[i][0]), slices.Max(took[i][1])
		f.t.Logf("%s (%s): words %s at most %s beside it, %s elsewhere", what, file.Round(time.Millisecond), kind,
			with.Round(time.Millisecond), without.Round(time.Millisecond))
		if with-without > mostLater {
			f.t.Errorf("%s: words %s came %s later than without", what, kind, with-without)
		}
	}
}

// meanwhile has people write and be answered so many times, and tells how long each word took: those of customers, then of agents.
func (f *fleet) meanwhile(people []*person, times int) (took [2][2][]time.Duration) {
	f.t.Helper()
	ana := f.ana()
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for range times {
		var wrote, answered [2]time.Time
		for i, p := range people {
			word, reply := p.word("m", len(p.written)+1), p.word("r", len(p.replies)+1)
			p.written, p.replies = append(p.written, word), append(p.replies, reply)
			wrote[i] = time.Now()
			if _, err := f.peers.WhatsApp().ReceiveFrom(p.as.ID, "e então "+word); err != nil {
				f.t.Fatal(err)
			}
			answered[i] = time.Now()
			if _, err := f.peers.Zendesk().AgentComment(p.ticket, ana, "já vemos "+reply, true); err != nil {
				f.t.Fatal(err)
			}
		}
		var there [2][2]bool
		eventually(f.t, soon, "words that don't wait for a file", func() bool {
			for i, p := range people {
				f.note(&there[0][i], &took[0][i], wrote[i], f.wordsOn(p.ticket, p.written[len(p.written)-1]))
				f.note(&there[1][i], &took[1][i], answered[i], intersect(f.wordsFor(p), p.replies[len(p.replies)-1]))
			}
			return there == [2][2]bool{{true, true}, {true, true}}
		})
		<-tick.C
	}
	return took
}

// note keeps how long something took that is there for the first time.
func (*fleet) note(there *bool, took *[]time.Duration, began time.Time, found []string) {
	if !*there && len(found) > 0 {
		*there, *took = true, append(*took, since(began))
	}
}

func intersect(words []string, word string) []string {
	if slices.Contains(words, word) {
		return []string{word}
	}
	return nil
}

// sendsLargest has a customer send the largest document.
func (f *fleet) sendsLargest(p *person) (arrived func() bool) {
	f.t.Helper()
	var sent struct{ ID string }
	f.control(http.MethodPost, "/phone/api/customers/"+p.as.ID+"/messages", fmt.Sprintf(
		`{"type":"document","generate_bytes":%d,"document":{"filename":"plantas.pdf","mime_type":"application/pdf","caption":"as plantas"}}`, largest), &sent)
	return func() bool {
		return slices.ContainsFunc(f.peers.Zendesk().Comments(p.ticket), func(c desk.CommentView) bool {
			return slices.ContainsFunc(c.Files, func(a desk.FileView) bool { return a.Name == "plantas.pdf" && a.Size == largest })
		})
	}
}

// attachesLarge has an agent attach a large document to a public comment.
func (f *fleet) attachesLarge(p *person) (arrived func() bool) {
	f.t.Helper()
	const size = 90 * megabyte
	content := bytes.Repeat([]byte("%PDF-1.7\n"), size/9+1)[:size]
	var up struct{ Upload struct{ Token string } }
	f.helpdesk(http.MethodPost, "/uploads?filename=proposta.pdf", "application/pdf", content, &up)
	raw, err := json.Marshal(fields{"comment": fields{"body": "segue a proposta " + p.word("r", len(p.replies)+1), "public": true, "uploads": []string{up.Upload.Token}}})
	if err != nil {
		f.t.Fatal(err)
	}
	p.replies = append(p.replies, p.word("r", len(p.replies)+1))
	f.helpdesk(http.MethodPut, fmt.Sprintf("/tickets/%d", p.ticket), "application/json", raw, &fields{})
	return func() bool {
		chat, _ := f.peers.WhatsApp().Chat(p.as.ID, "", false)
		for _, m := range chat.Messages {
			if m.From == "business" && m.Type == "document" && strings.Contains(string(m.Content), "proposta.pdf") {
				return true
			}
		}
		return false
	}
}

// helpdesk calls what the helpdesk page calls, as Ana.
func (f *fleet) helpdesk(method, path, kind string, body []byte, out any) {
	f.t.Helper()
	r, err := http.NewRequestWithContext(f.t.Context(), method, base+"/sandbox/helpdesk/api"+path, bytes.NewReader(body))
	if err != nil {
		f.t.Fatal(err)
	}
	r.Header.Set("Content-Type", kind)
	r.Header.Set("X-Desk-Agent", strconv.FormatInt(f.ana(), 10))
	resp, err := f.peers.RoundTripper().RoundTrip(r)
	if err != nil {
		f.t.Fatal(err)
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode >= http.StatusBadRequest || json.Unmarshal(raw, out) != nil {
		f.t.Fatalf("%s %s: %d %.200s (%v)", method, path, resp.StatusCode, raw, err)
	}
}
