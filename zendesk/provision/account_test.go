package provision_test

import (
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ponte-desk/ponte/bridge/settings"
	"github.com/ponte-desk/ponte/macros"
	"github.com/ponte-desk/ponte/sandbox/desk"
	"github.com/ponte-desk/ponte/zendesk"
	"github.com/ponte-desk/ponte/zendesk/provision"
)

// agreed is all that people can agree to.
func agreed() provision.Options { return provision.Options{Adopt: true, Quiet: true} }

func TestEmptyAccountGetsEverythingOnce(t *testing.T) {
	t.Parallel()
	a := open(t, desk.SeedEmpty)
	n := needed(t, settings.DefaultOperation())
	p := a.plan(n, provision.Options{})
	if w := a.written(); len(w) > 0 {
		t.Errorf("planning wrote %q", w)
	}
	counts := map[provision.Kind]int{}
	for _, s := range p.Steps {
		counts[s.Kind]++
		if s.Text.EN == "" || s.Text.PT == "" || s.Text.EN == s.Text.PT || s.Text.In(settings.LanguagePT) != s.Text.PT || s.Text.In(settings.LanguageEN) != s.Text.EN {
			t.Errorf("sentences of %s: %+v", s.Title, s.Text)
		}
	}
	want := map[provision.Kind]int{
		provision.KindGroup: 2, provision.KindOrganizationField: 2, provision.KindTicketField: 11, provision.KindWebhook: 1,
		provision.KindTrigger: 1, provision.KindMacro: 10, provision.KindView: 1, provision.KindNotification: 2,
	}
	if diff := cmp.Diff(want, counts); diff != "" {
		t.Errorf("steps (-want +got):\n%s", diff)
	}
	got := a.provide(n, provision.Options{})
	if got.Done != 28 || got.Secret == "" {
		t.Errorf("%d done, secret %q", got.Done, string(got.Secret))
	}
	if w := a.written(); len(w) != 28 {
		t.Errorf("%d writes: %q", len(w), w)
	}
	a.idle(n, provision.Options{}, 2)
	if got := a.provide(n, provision.Options{Quiet: true}); got.Done != 2 || got.Secret != "" {
		t.Errorf("%d done, secret %q", got.Done, string(got.Secret))
	}
	a.idle(n, provision.Options{}, 0)
	a.idle(n, agreed(), 0)
}

// The macros do what the procedure asks for, in the account's own ids.
func TestMacrosOfAnEmptyAccount(t *testing.T) {
	t.Parallel()
	a := open(t, desk.SeedEmpty)
	n := needed(t, settings.DefaultOperation())
	a.provide(n, agreed())
	have := a.read()
	n2 := find(t, have.Groups, func(g zendesk.Group) bool { return g.Name == "Suporte N2" })
	catalogue := find(t, have.TicketFields, func(f zendesk.DescribedTicketField) bool { return f.Title == "Catálogo de serviços" })
	var options []string
	for _, o := range catalogue.Options {
		options = append(options, o.Name+"="+o.Value)
	}
	if diff := cmp.Diff([]string{
		"Distribuição::Linha Winthor::99::007::Posicionamento de ticket=posicionamento_de_ticket",
		"Distribuição::Linha Winthor::99::007::Abandono de chat=abandono_de_chat",
		"Distribuição::Linha Winthor::99::007::Z-Outros=z_outros",
	}, options); diff != "" {
		t.Errorf("options (-want +got):\n%s", diff)
	}
	book := macros.NewBook(a.Client, time.Now)
	run := func(role settings.MacroRole) macros.Result {
		t.Helper()
		out, ok, err := book.Run(t.Context(), settings.Default().Desk.Macros[role], macros.Ticket{Tags: []string{}})
		if err != nil || !ok || out.ByZendesk {
			t.Fatalf("%s: found %v, by Zendesk %v, %v", role, ok, out.ByZendesk, err)
		}
		return out
	}
	closing := run(settings.RoleClosing)
	if closing.Status != zendesk.StatusSolved || !slices.Equal(closing.AddTags, []string{"atendimento_whatsapp"}) {
		t.Errorf("closing: %+v", closing)
	}
	level := run(settings.RoleN2)
	if level.Status != zendesk.StatusOpen || level.GroupID != zendesk.RefTo(n2.ID) {
		t.Errorf("n2: %+v", level)
	}
	pending := run(settings.RoleFinancial)
	if pending.Status != zendesk.StatusSolved || pending.Subject != "Whats - Pendência no Cadastro" || pending.Comment.Public || !pending.Comment.PublicSet || pending.Comment.Text == "" {
		t.Errorf("financial_pending: %+v", pending)
	}
	for role, want := range map[settings.MacroRole][2]string{
		settings.RoleClientAbandonment: {"abandono_de_chat", zendesk.StatusSolved},
		settings.RoleAgentAbandonment:  {"abandono_de_chat", zendesk.StatusOpen},
		settings.RoleAfterHours:        {"z_outros", zendesk.StatusSolved},
		settings.RoleAgentUnavailable:  {"abandono_de_chat", zendesk.StatusPending},
	} {
		got := run(role)
		if got.Status != want[1] || len(got.Fields) != 1 || string(got.Fields[catalogue.ID]) != strconv.Quote(want[0]) {
			t.Errorf("%s: %+v", role, got)
		}
	}
	for _, role := range settings.MacroRoles() {
		if len(run(role).AddTags) != 1 {
			t.Errorf("%s has no tag of its own", role)
		}
	}
}

func find[T any](t *testing.T, list []T, fits func(T) bool) T {
	t.Helper()
	i := slices.IndexFunc(list, fits)
	if i < 0 {
		t.Fatal("not found")
	}
	return list[i]
}

// calls keeps the webhooks that the account delivers.
type calls struct{ got []*http.Request }

func (c *calls) RoundTrip(r *http.Request) (*http.Response, error) {
	raw, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	r.Body = io.NopCloser(strings.NewReader(string(raw)))
	c.got = append(c.got, r)
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: http.NoBody, Request: r}, nil
}

// What was made works: changes of WhatsApp's tickets, and of no others, are told, signed with the secret; nobody is e-mailed.
func TestHintsOfAnEmptyAccount(t *testing.T) {
	t.Parallel()
	a := open(t, desk.SeedEmpty)
	n := needed(t, settings.DefaultOperation())
	secret := a.provide(n, agreed()).Secret
	create := func(tags ...string) zendesk.Ticket {
		t.Helper()
		var out struct{ Ticket zendesk.Ticket }
		err := a.Post(t.Context(), "create", "/tickets", map[string]any{"ticket": map[string]any{
			"subject": "x", "comment": map[string]any{"body": "bom dia", "public": true}, "tags": tags, "external_id": "s-1",
			"requester": map[string]any{"name": "Maria", "email": "maria@cliente.example"},
		}}, &out)
		if err != nil {
			t.Fatal(err)
		}
		return out.Ticket
	}
	own := create("whatsapp")
	for range 2 {
		err := a.Put(t.Context(), "comment", "/tickets/"+strconv.FormatInt(own.ID, 10), map[string]any{"ticket": map[string]any{
			"comment": map[string]any{"body": "resposta", "public": true},
		}}, nil)
		if err != nil {
			t.Fatal(err)
		}
	}
	if mails := a.box.Zendesk().MailLog(); slices.ContainsFunc(mails, func(m desk.Mail) bool { return m.To == "maria@cliente.example" }) {
		t.Errorf("the customer got e-mails: %+v", mails)
	}
	other := create("telefone")
	a.box.Pump(t.Context())
	var told []int64
	for _, r := range a.hooks.got {
		raw, err := io.ReadAll(r.Body)
		if err != nil {
			t.Fatal(err)
		}
		if r.URL.String() != public+"/webhooks/zendesk" || r.Method != http.MethodPost {
			t.Errorf("%s %s", r.Method, r.URL)
		}
		if !zendesk.Verify([]string{string(secret)}, r.Header.Get(zendesk.HeaderTimestamp), r.Header.Get(zendesk.HeaderSignature), raw) {
			t.Error("not signed with the secret")
		}
		hint, err := zendesk.ParseHint(raw)
		if err != nil || hint.ExternalID != "s-1" || hint.ActorID == 0 || !hint.TagsKnown || hint.Organization == nil {
			t.Errorf("hint %+v, %v", hint, err)
		}
		told = append(told, hint.TicketID)
	}
	if !slices.Equal(told, []int64{own.ID, own.ID, own.ID}) {
		t.Errorf("told of %v; own %d, other %d", told, own.ID, other.ID)
	}
	if mails := a.box.Zendesk().MailLog(); !slices.ContainsFunc(mails, func(m desk.Mail) bool { return m.TicketID == other.ID }) {
		t.Error("other tickets' customers get no e-mails any more")
	}
}

// The account in use has all that is needed; only its e-mail triggers are proposed, unless they spare WhatsApp already.
func TestAccountsInUse(t *testing.T) {
	t.Parallel()
	for seed, proposals := range map[string]int{desk.SeedFull: 2, desk.SeedMuted: 0} {
		a := open(t, seed)
		n := needed(t, settings.DefaultOperation())
		if got := a.provide(n, provision.Options{}); got.Done != 0 || len(a.written()) != 0 {
			t.Errorf("%q: %d steps done", seed, got.Done)
		}
		a.idle(n, provision.Options{}, proposals)
	}
}

// Quiet adds one condition and leaves the rest as it was.
func TestQuietAddsOneCondition(t *testing.T) {
	t.Parallel()
	a := open(t, desk.SeedFull)
	n := needed(t, settings.DefaultOperation())
	before := a.read().Triggers
	a.provide(n, provision.Options{Quiet: true})
	if w := a.written(); len(w) != 2 {
		t.Errorf("writes %q", w)
	}
	changed := 0
	for i, now := range a.read().Triggers {
		was := before[i]
		if len(now.Conditions.All) > len(was.Conditions.All) {
			changed++
			last := now.Conditions.All[len(now.Conditions.All)-1]
			if last.Field != "current_tags" || last.Operator != "not_includes" || last.Text() != "whatsapp" {
				t.Errorf("added %+v", last)
			}
			now.Conditions.All = now.Conditions.All[:len(now.Conditions.All)-1]
		}
		if diff := cmp.Diff(text(t, was), text(t, now)); diff != "" {
			t.Errorf("%s (-was +is):\n%s", was.Title, diff)
		}
	}
	if changed != 2 {
		t.Errorf("%d triggers changed", changed)
	}
}

func text(t *testing.T, v any) string {
	t.Helper()
	raw, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return strings.ReplaceAll(string(raw), `"any":null`, `"any":[]`)
}

func TestApplyGoesOnAfterAFailure(t *testing.T) {
	t.Parallel()
	a := open(t, desk.SeedEmpty)
	n := needed(t, settings.DefaultOperation())
	p := a.plan(n, provision.Options{})
	a.refuse = "POST /sandbox/zendesk/api/v2/triggers"
	var done []string
	got, err := provision.Apply(t.Context(), a.Client, p, func(s provision.Step) { done = append(done, s.Title) })
	if err == nil || !strings.HasPrefix(err.Error(), `create trigger "Ponte: mudança em ticket do WhatsApp": `) {
		t.Errorf("the error is %v", err)
	}
	if got.Done != 16 || len(done) != 16 || got.Secret == "" {
		t.Errorf("%d done, told %d, secret %q", got.Done, len(done), string(got.Secret))
	}
	a.refuse = ""
	if rest := a.provide(n, provision.Options{}); rest.Done != 12 {
		t.Errorf("the rest was %d", rest.Done)
	}
	a.idle(n, provision.Options{}, 2)
}
