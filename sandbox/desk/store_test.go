package desk_test

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ponte-desk/ponte/sandbox/desk"
	"github.com/ponte-desk/ponte/sandbox/rig"
)

// writes lists the endpoints that change the account.
func writes() []endpoint {
	var out []endpoint
	for _, e := range endpoints() {
		if e.method != "GET" && !e.missing {
			out = append(out, e)
		}
	}
	return out
}

// TestWhatIsNotStoredIsNotShown has the store fail under every write: 500, and nothing of it is seen afterwards.
func TestWhatIsNotStoredIsNotShown(t *testing.T) {
	t.Parallel()
	for _, e := range writes() {
		t.Run(e.name(), func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			e := b.fill()(e)
			before := b.everything()
			if err := b.store.Close(); err != nil {
				t.Fatal(err)
			}
			b.store = nil
			r := b.call(e.method, e.path, e.body)
			if r.status != 500 || r.text("error") != "InternalError" {
				t.Errorf("%d %s", r.status, r.raw)
			}
			if strings.Contains(string(r.raw), "closed") {
				t.Errorf("the answer tells of the inside: %s", r.raw)
			}
			if diff := cmp.Diff(before, b.everything()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// everything reads all lists of the account by path.
func (b *bench) everything() map[string]string {
	b.t.Helper()
	out := map[string]string{}
	for _, path := range []string{
		"/api/v2/tickets", "/api/v2/users", "/api/v2/organizations", "/api/v2/groups", "/api/v2/group_memberships",
		"/api/v2/organization_memberships", "/api/v2/macros", "/api/v2/views", "/api/v2/triggers", "/api/v2/webhooks",
		"/api/v2/ticket_fields", "/api/v2/ticket_forms", "/api/v2/organization_fields", "/api/v2/user_fields",
	} {
		out[path] = string(b.get(path).want(200).raw)
	}
	for _, v := range b.desk.Tickets() {
		for _, rest := range []string{"/comments", "/audits"} {
			out[ticketPath(v.ID, rest)] = string(b.get(ticketPath(v.ID, rest)).want(200).raw)
		}
	}
	return out
}

// TestEveryWriteOutlivesARestart makes every write and compares what a new process shows.
func TestEveryWriteOutlivesARestart(t *testing.T) {
	t.Parallel()
	for _, e := range writes() {
		t.Run(e.name(), func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			dir := t.TempDir()
			b.restart(dir)
			e := b.fill()(e)
			if r := b.call(e.method, e.path, e.body); r.status >= 300 {
				t.Fatalf("%d %s", r.status, r.raw)
			}
			b.pass(5 * time.Second) // background jobs
			before := b.everything()
			b.restart(dir)
			if diff := cmp.Diff(before, b.everything()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestBrokenStores opens accounts over stores that hold something else.
func TestBrokenStores(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{
		"user", "identity", "organization", "organization_membership", "group", "group_membership", "ticket_field", "organization_field",
		"user_field", "ticket_form", "macro", "view", "trigger", "attachment", "audit", "upload", "webhook", "invocation", "job", "token",
	} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			b := setup(t)
			b.restart(dir)
			if err := b.store.Put(kind, "1", "not an object"); err != nil {
				t.Fatal(err)
			}
			if err := b.store.Close(); err != nil {
				t.Fatal(err)
			}
			store, err := rig.OpenStore(dir, "zendesk")
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { store.Close() })
			cfg := b.cfg
			cfg.Store, cfg.Queue = store, rig.NewQueue(b.clock)
			_, err = desk.New(cfg)
			if err == nil || !strings.Contains(err.Error(), "new desk: load ") {
				t.Errorf("error %v", err)
			}
			b.store = nil
		})
	}
	for _, id := range []string{"ids", "knobs", "seeded_webhook"} {
		t.Run("meta "+id, func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			if err := b.store.Put("meta", id, []int{1}); err != nil {
				t.Fatal(err)
			}
			if _, err := desk.New(b.cfg); err == nil {
				t.Error("a broken record was taken")
			}
		})
	}
}

// TestTheSeed holds what the demo and other rooms' tests rely on.
func TestTheSeed(t *testing.T) {
	t.Parallel()
	b := setup(t)
	staff, customers := map[string][]string{}, map[string]string{}
	for _, u := range b.desk.Users() {
		if u.Role == "end-user" {
			customers[u.Name] = u.Phone
		} else {
			staff[u.Name] = u.Groups
		}
	}
	wantStaff := map[string][]string{
		"Ponte (integração)": nil,
		"Helena Prado":       {"Suporte N1", "Suporte N2", "Financeiro", "WINTHOR WHATSAPP"},
		"Ana Beatriz Souza":  {"Suporte N1", "WINTHOR WHATSAPP"},
		"Bruno Carvalho":     {"Suporte N1", "WINTHOR WHATSAPP"},
		"Camila Rocha":       {"Suporte N1", "WINTHOR WHATSAPP"},
		"Diego Martins":      {"Suporte N2"},
		"Fernanda Lopes":     {"Suporte N2"},
		"Gustavo Pires":      {"Financeiro"},
		"Ivo Menezes":        nil, // a light agent
	}
	if diff := cmp.Diff(wantStaff, staff); diff != "" {
		t.Error(diff)
	}
	wantCustomers := map[string]string{
		"Marcos Vinícius Teixeira": "+5511987650001", "Patrícia Nogueira": "+551187650002", "Roberto Sampaio": "+5521976540003",
		"Juliana Castro": "+5531965430004", "Edson Farias": "+5585954320005", "Simone Albuquerque": "+5562943210006",
		"Mariana Albuquerque": "+5511987650142", "Cláudia Menezes": "+5521976540007", "Sebastião Farias": "+5521996403377",
		"Antônio Resende": "+5531988124417", "Lívia Sarmento": "+5585954320008", "Rafael Toledo": "+5562943210009",
		"Otávio Brandão": "", "Tadeu Quaresma": "", "Beatriz Lemos": "",
	}
	if diff := cmp.Diff(wantCustomers, customers); diff != "" {
		t.Error(diff)
	}
	for name, phone := range wantCustomers {
		p := b.person(name)
		if phone == "" {
			p.is(nil, "shared_phone_number")
			continue
		}
		if !strings.Contains(p.known(), "phone_number:"+phone+"!") {
			t.Errorf("%s: %s", name, p.known())
		}
		p.is(false, "shared_phone_number")
	}
	statuses := map[string]int{}
	for _, v := range b.desk.Tickets() {
		statuses[v.Status]++
	}
	if diff := cmp.Diff(map[string]int{"closed": 19, "pending": 1, "open": 4, "solved": 2, "new": 1}, statuses); diff != "" {
		t.Errorf("tickets: %s", diff)
	}
	for _, v := range b.desk.Tickets() {
		if b.desk.Mails(v.ID, v.RequesterID) != 0 {
			t.Errorf("the seed mailed about %d", v.ID)
		}
	}
	b.pump()
	if got := b.hooks.take(); len(got) != 0 {
		t.Errorf("the seed called webhooks: %v", got)
	}
}

func TestAccountsWithoutAWebhook(t *testing.T) {
	t.Parallel()
	b := setup(t, noHooks)
	dir := t.TempDir()
	b.restart(dir)
	b.get("/api/v2/webhooks").want(200).is([]any{}, "webhooks")
	if n := b.get("/api/v2/triggers").want(200).len("triggers"); n != 8 {
		t.Errorf("%d triggers", n)
	}
	// An address that is configured later makes none: the account is no longer empty.
	b.cfg.WebhookURL = b.hooks.url("/ponte")
	b.restart(dir)
	b.get("/api/v2/webhooks").want(200).is([]any{}, "webhooks")
}

func TestFilesOfAnAccountWithoutAFolder(t *testing.T) {
	t.Parallel()
	b := setup(t)
	store := t.TempDir()
	b.restart(store)
	r := b.upload("filename=a.txt", "text/plain", "x").want(201)
	id := b.ticket(object{"comment": object{"uploads": []string{r.text("upload", "token")}}})
	// The records without their folder: the comment is there, its file is gone.
	b.restart(store)
	b.cfg.Dir = filepath.Join(t.TempDir(), "elsewhere")
	server, err := desk.New(b.cfg)
	if err != nil {
		t.Fatal(err)
	}
	b.desk = server
	b.get(ticketPath(id, "/comments")).want(200).is("a.txt", "comments", 0, "attachments", 0, "file_name")
	if w := b.download(r.text("upload", "attachment", "content_url")); w.Code != 404 {
		t.Errorf("status %d", w.Code)
	}
	if _, err := b.desk.ReadFile(b.desk.Comments(id)[0].Files[0].ID); err == nil {
		t.Error("a file that is gone was read")
	}
}
