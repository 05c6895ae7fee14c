package bench

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ponte-desk/ponte/internal/app"
	"github.com/ponte-desk/ponte/whatsapp"
)

// The whole floor in small: agents sign in, customers write, all words arrive. It needs the built app.
func TestRunLive(t *testing.T) {
	temporary(t)
	o := Options{
		Executable: self(t), Rounds: 1, Round: time.Second, Connections: 1, Now: time.Now, Only: []Row{RowLive}, Live: 1500 * time.Millisecond, Agents: 2,
		JSON: filepath.Join(t.TempDir(), "summary.json"),
	}
	var out bytes.Buffer
	err := Run(t.Context(), o, &out)
	if !hasApp() {
		if !errors.Is(err, ErrNoApp) {
			t.Errorf("without the app: %v", err)
		}
		return
	}
	if err != nil {
		t.Fatalf("%v\n%s", err, &out)
	}
	raw, err := os.ReadFile(o.JSON)
	if err != nil {
		t.Fatal(err)
	}
	var s Summary
	if err := json.Unmarshal(raw, &s); err != nil {
		t.Fatal(err)
	}
	if len(s.Lines) != 12 || len(s.Problems) != 0 {
		t.Fatalf("%d figures, problems %v\n%s", len(s.Lines), s.Problems, &out)
	}
	for _, l := range s.Lines {
		wants := l.Target != nil && l.Target.Sense == AtMost
		if l.Row != RowLive || wants && l.Measured <= 0 || wants && l.Unit != "ms" || l.Target != nil && l.Target.Sense == Exactly && l.Measured != 0 {
			t.Errorf("%+v", l)
		}
		if strings.HasPrefix(l.What, "CPU") && (strings.Contains(l.Note, " 0 events") || !strings.Contains(l.Note, " 0 streams cut, 0 readings failed")) {
			t.Errorf("%s: %s", l.What, l.Note)
		}
	}
	for line := range strings.Lines(out.String()) {
		if n := len([]rune(strings.TrimSuffix(line, "\n"))); n > lineWidth {
			t.Errorf("%d columns: %s", n, line)
		}
	}
}

// liars is a floor whose Ponte answers 200 to everything and does nothing.
func liars(t *testing.T) *floor {
	t.Helper()
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		io.WriteString(w, "{}")
	}))
	t.Cleanup(srv.Close)
	here, err := os.FindProcess(os.Getpid())
	if err != nil {
		t.Fatal(err)
	}
	process := &process{cmd: &exec.Cmd{Process: here}} // any whose time can be read
	addr := srv.Listener.Addr().String()
	fl := &floor{
		bench: &bench{o: Options{Live: 3 * time.Second, Now: time.Now}, out: &bytes.Buffer{}}, redis: &redisServer{process: process},
		instances: []server{{process: process, addr: addr}}, desk: account(t, map[string]string{"/sandbox/control/requests": counters}),
		client: srv.Client(), words: newFlights("bm"), replies: newFlights("br"), patience: 50 * time.Millisecond,
	}
	fl.customers = []*customer{{Name: "Cliente 0000", Phone: "5511961200000", session: "s1", owner: newPage(addr, "t", 7, fl.words, time.Now)}}
	return fl
}

// Words that never arrive are found out, and do not count as quick ones.
func TestLiveLiar(t *testing.T) {
	t.Parallel()
	fl := liars(t)
	if err := fl.half(t.Context(), "one instance"); err != nil {
		t.Fatal(err)
	}
	if len(fl.summary.Problems) != 2 || !strings.HasPrefix(fl.summary.Problems[0], "one instance, messages: ") {
		t.Errorf("problems: %v", fl.summary.Problems)
	}
	for _, l := range fl.summary.Lines {
		if l.Target != nil && l.Target.Sense == Exactly && l.Target.meets(l.Measured) || l.Unit == "ms" && l.Measured < 50 {
			t.Errorf("%+v", l)
		}
	}
}

// A webhook or a reply that is refused ends the run.
func TestLiveRefused(t *testing.T) {
	t.Parallel()
	for name, path := range map[string]string{"message": "/webhooks/whatsapp", "reply": "/reply"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if strings.HasSuffix(r.URL.Path, path) {
					w.WriteHeader(http.StatusServiceUnavailable)
				}
			}))
			defer srv.Close()
			fl := liars(t)
			addr := srv.Listener.Addr().String()
			fl.instances[0].addr, fl.customers[0].owner = addr, newPage(addr, "t", 7, fl.words, time.Now)
			fl.o.Live = 3 * time.Second
			if err := fl.half(t.Context(), "one instance"); err == nil || !strings.Contains(err.Error(), "answered 503") {
				t.Errorf("got %v", err)
			}
		})
	}
}

// What is doubled is a problem as well.
func TestMissing(t *testing.T) {
	t.Parallel()
	b := &bench{}
	b.missing("messages", journey{took: []time.Duration{1}})
	b.missing("replies", journey{lost: 2, again: 1})
	if diff := cmp.Diff([]string{"replies: 2 never arrived, 1 arrived more than once"}, b.summary.Problems); diff != "" {
		t.Errorf("problems (-want +got):\n%s", diff)
	}
}

// A customer's webhook says what WhatsApp would, and is one that Ponte reads.
func TestHook(t *testing.T) {
	t.Parallel()
	c := &customer{Name: "Cliente 0001", Phone: "5511961200001", UserID: "BR.123"}
	raw, err := c.hook("wamid.X", "bm000001 oi", time.Unix(1795300000, 0))
	if err != nil {
		t.Fatal(err)
	}
	updates, err := whatsapp.Parse(raw)
	if err != nil || len(updates) != 1 {
		t.Fatalf("%d updates, %v", len(updates), err)
	}
	m := updates[0].Message
	if m.ID != "wamid.X" || m.From != c.Phone || m.Text != "bm000001 oi" {
		t.Errorf("%+v", m)
	}
	if !c.isOf("Cliente 0001") || c.isOf("Cliente 0002") {
		t.Error("rows of a list")
	}
}

// The peers take note of replies before they look at them, sign agents in, and hand their webhooks to the instance that gets them.
func TestPeers(t *testing.T) {
	t.Parallel()
	var f freed
	defer func() {
		if err := f.run(t.Context()); err != nil {
			t.Error(err)
		}
	}()
	replies := newFlights("br")
	p, err := startPeers(t.Context(), &f, replies, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.RoundTrip(httptest.NewRequest(http.MethodPost, nowhere+"/webhooks/whatsapp", http.NoBody)); !errors.Is(err, errNobody) {
		t.Errorf("nobody there: %v", err)
	}
	hooks := make(chan string, 16)
	ponte := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		hooks <- r.URL.Path
		if r.URL.Path == "/app/conversas" && r.PostFormValue("token") != "" {
			io.WriteString(w, `<head><meta name="ponte-session" content="a&amp;b"></head>`)
		}
	}))
	defer ponte.Close()
	p.tell(ponte.Listener.Addr().String())
	client := &http.Client{}
	defer client.CloseIdleConnections()

	people, err := p.customers(t.Context(), client, 2)
	if err != nil || len(people) != 2 || people[1].Phone != "5511961200001" || people[1].UserID == "" {
		t.Fatalf("%+v, %v", people, err)
	}
	if _, err := p.box.WhatsApp().ReceiveFrom(people[0].ID, "Bom dia"); err != nil {
		t.Fatal(err)
	}
	if path := <-hooks; path != "/webhooks/whatsapp" {
		t.Error(path)
	}
	n, mark := replies.next()
	replies.leave(n, time.Now())
	header := http.Header{"Content-Type": {"application/json"}, "Authorization": {"Bearer " + app.DemoAccessToken}}
	body := `{"messaging_product":"whatsapp","to":"` + people[0].Phone + `","type":"text","text":{"body":"` + mark + ` Bom dia!"}}`
	answer, err := post(t.Context(), client, p.base+"/sandbox/whatsapp/v26.0/"+app.DemoNumber+"/messages", header, []byte(body))
	if err != nil || !strings.Contains(string(answer), "wamid.") {
		t.Errorf("%s, %v", answer, err)
	}
	if j := replies.since(0, time.Now()); j.wrong() != 0 {
		t.Errorf("%+v", j)
	}

	d, err := newDesk(p.base, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	agents, err := d.hire(t.Context(), 3)
	if err != nil || len(agents) != 3 {
		t.Fatalf("%v, %v", agents, err)
	}
	token, err := signIn(t.Context(), client, p.base, ponte.Listener.Addr().String(), agents[2])
	if err != nil || token != "a&b" {
		t.Errorf("%q, %v", token, err)
	}
	if _, err := signIn(t.Context(), client, p.base, ponte.Listener.Addr().String(), 1); err == nil {
		t.Error("nobody signs in")
	}
	if _, err := signIn(t.Context(), client, p.base, strings.TrimPrefix(p.base, "http://"), agents[0]); err == nil {
		t.Error("a page that is not there")
	}
}
