package web_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/google/go-cmp/cmp"
	"github.com/labstack/echo/v4"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/web"
)

const plainBody = `{"id":"command-1"}`

// routes is every request that the API takes, each with a body that is right.
func routes() [][3]string {
	return [][3]string{
		{"GET", conv, ""},
		{"GET", conv + "/transcript", ""},
		{"GET", conv + "/commands/command-1", ""},
		{"POST", conv + "/reply", `{"id":"command-1","agent":{"id":7,"name":"Ana"},"text":"Olá!"}`},
		{"POST", conv + "/note", `{"id":"command-1","text":"Ver com o N2."}`},
		{"POST", conv + "/template", `{"id":"command-1","template":{"name":"boas_vindas","language":"pt_BR","values":["Mariana"]}}`},
		{"POST", conv + "/stop", `{"id":"command-1","reason":"pedido do cliente"}`},
		{"POST", conv + "/restart", plainBody},
		{"POST", conv + "/typing", plainBody},
		{"POST", conv + "/open", plainBody},
		{"POST", conv + "/take", `{"id":"command-1","agent":{"id":7,"name":"Ana"}}`},
		{"POST", conv + "/transfer", `{"id":"command-1","to":{"id":8,"name":"Bruno"},"text":"Já pediu o XML."}`},
		{"POST", conv + "/n2", `{"id":"command-1","fields":{"summary":"Erro na nota."}}`},
		{"POST", conv + "/close", `{"id":"command-1","subject":"Erro na nota","catalogue":"A::B","reason":"resolvido"}`},
		{"POST", conv + "/cancel", plainBody},
		{"POST", conv + "/identify", `{"id":"command-1","cnpj":"11.222.333/0001-81"}`},
		{"POST", conv + "/override", `{"id":"command-1","reason":"acordo em andamento"}`},
		{"POST", conv + "/position", `{"id":"command-1","ticket":35437}`},
		{"POST", "/api/v1/numbers/" + apiNumber + "/conversations", `{"id":"command-1","phone":"(11) 98765-0142","text":"Olá!","ticket":35436}`},
		{"GET", "/api/v1/numbers/" + apiNumber + "/templates", ""},
		{"GET", reportPath + "?from=2026-11-01&to=2026-11-20", ""},
		{"GET", reportPath + "/kept", ""},
		{"GET", reportPath + "/kept/day-2026-11-19", ""},
		{"POST", conv + "/snooze", `{"id":"command-1","until":"2026-11-21T09:00:00-03:00"}`},
		{"POST", conv + "/wake", plainBody},
		{"POST", conv + "/attention", plainBody},
		{"POST", conv + "/resolve", plainBody},
		{"POST", conv + "/mute", plainBody},
		{"POST", conv + "/unmute", plainBody},
		{"POST", conv + "/overrule", `{"id":"command-1","outcome":"client_abandonment","reason":"o cliente avisou"}`},
		{"POST", conv + "/tag", `{"id":"command-1","add":["vip"],"remove":["teste"]}`},
		{"POST", conv + "/link", `{"id":"command-1","ticket":35437,"hours":3}`},
		{"GET", "/api/v1/agents", ""},
		{"PUT", "/api/v1/agents/7/presence", `{"id":"command-1","presence":"online","name":"Ana"}`},
		{"PUT", "/api/v1/agents/7/limit", `{"id":"command-1","limit":4}`},
		{"GET", "/api/v1/agents/7/commands/command-1", ""},
		{"GET", "/api/v1/queues", ""},
	}
}

// personal is what only people ask for; their tests are beside what serves it.
func personal() [][3]string {
	return [][3]string{
		{"GET", "/api/v1/openapi.yaml", ""},
		{"GET", "/api/v1/stream", ""},
		{"GET", conv + "/draft", ""},
		{"PUT", conv + "/draft", `{"reply":"Olá"}`},
		{"PUT", conv + "/here", `{"doing":"viewing"}`},
		{"PUT", conv + "/seen", `{"at":"2026-11-20T15:00:00Z"}`},
		{"POST", uploadsPath, ""},
	}
}

func TestNobodyGetsIn(t *testing.T) {
	t.Parallel()
	for _, r := range requests() {
		t.Run(r[0]+" "+r[1], func(t *testing.T) {
			t.Parallel()
			two, none := openCounter(t, oldSecret, newSecret), openCounter(t)
			two.entries = lines()
			for authorization, want := range map[string]int{
				"Bearer " + newSecret: 200, "Bearer " + oldSecret: 200, "": 401, "Bearer ": 401, "Bearer wrong": 401, "Basic " + newSecret: 401,
				newSecret: 401, "Bearer " + newSecret + "x": 401, "Bearer " + newSecret[1:]: 401, "bearer" + newSecret: 401,
				"Bearer " + oldSecret + "," + newSecret: 401,
			} {
				rec := two.askAs(authorization, r[0], r[1], r[2])
				if rec.Code == 204 {
					rec.Code = 200 // done, and nothing to say
				}
				if rec.Code != want || want == 401 && (rec.Header().Get("WWW-Authenticate") != "Bearer" || !strings.Contains(rec.Body.String(), `"unauthorized"`)) {
					t.Errorf("%q: %d %s; want %d", authorization, rec.Code, rec.Body, want)
				}
				if rec := none.askAs(authorization, r[0], r[1], r[2]); rec.Code != 401 {
					t.Errorf("without a secret %q gets in: %d", authorization, rec.Code)
				}
			}
			if len(none.got)+len(none.keys)+len(none.phones) > 0 {
				t.Errorf("carried out without a secret: %+v", none.got)
			}
		})
	}
}

// The description may be read by anybody; what is not there is told in the API's form, to those who may know.
func TestPathsOfTheAPI(t *testing.T) {
	t.Parallel()
	c := openCounter(t, newSecret)
	rec := c.askAs("", "GET", "/api/v1/openapi.yaml", "")
	if rec.Code != 200 || rec.Header().Get("Content-Type") != "application/yaml" || rec.Body.String() != string(web.OpenAPI()) {
		t.Errorf("description: %d %s", rec.Code, rec.Header())
	}
	c.tells(c.ask("GET", "/api/v1/elsewhere", ""), 404, `"not_found"`)
	c.tells(c.ask("DELETE", conv, ""), 404, `"not_found"`)
	c.tells(c.askAs("", "GET", "/api/v1/elsewhere", ""), 401, `"unauthorized"`)
	if rec := c.ask("GET", conv, ""); rec.Header().Get("Cache-Control") != "no-store" {
		t.Errorf("a conversation may be kept by others: %v", rec.Header())
	}
}

// Every route stands in the description, and nothing else.
func TestTheDescriptionIsComplete(t *testing.T) {
	t.Parallel()
	doc, err := openapi3.NewLoader().LoadFromData(web.OpenAPI())
	if err != nil {
		t.Fatal(err)
	}
	var described, mounted, tried []string
	for path, item := range doc.Paths.Map() {
		for method := range item.Operations() {
			described = append(described, method+" /api/v1"+path)
		}
	}
	params := regexp.MustCompile(`:(\w+)`)
	for _, r := range openCounter(t, newSecret).echo.Routes() {
		if strings.HasPrefix(r.Path, "/api/v1/") && r.Method != echo.RouteNotFound {
			mounted = append(mounted, r.Method+" "+params.ReplaceAllString(r.Path, "{$1}"))
		}
	}
	slices.Sort(described)
	slices.Sort(mounted)
	if diff := cmp.Diff(mounted, described); diff != "" {
		t.Errorf("description (-mounted +described):\n%s", diff)
	}
	router := description(t)
	for _, r := range slices.Concat(requests(), sessionRequests(), personal()) {
		route, _, err := router.FindRoute(httptest.NewRequestWithContext(t.Context(), r[0], r[1], nil))
		if err != nil {
			t.Fatalf("%v: %v", r, err)
		}
		tried = append(tried, r[0]+" /api/v1"+route.Path)
	}
	slices.Sort(tried)
	if diff := cmp.Diff(mounted, tried); diff != "" {
		t.Errorf("tests (-mounted +tried):\n%s", diff)
	}
}

func TestShowConversation(t *testing.T) {
	t.Parallel()
	c := openCounter(t, newSecret)
	c.thread.Outbox.Phone = []conversation.Pending{{}, {Held: conversation.HoldWindow}, {Held: conversation.HoldFile}, {Held: conversation.HoldWindow}}
	c.thread.Outbox.Ticket = []conversation.Pending{{}}
	for _, path := range []string{conv, "/api/v1/conversations/" + firstOne} {
		rec := c.ask("GET", path, "")
		got := map[string]any{}
		if err := json.Unmarshal(rec.Body.Bytes(), &got); err != nil {
			t.Fatalf("%d %s", rec.Code, rec.Body)
		}
		delete(got, "allowed") // has tests of its own
		want := map[string]any{
			"lines": 0., "now": "2026-11-20T15:00:00Z", "number_name": "WhatsApp",
			"session": session, "number": apiNumber, "state": "active", "ticket": 35436., "owner": 7., "started": "2026-11-20T14:00:00Z",
			"contact":  map[string]any{"id": apiContact, "name": "Mariana", "username": "mari", "phone": "+5511987650142", "zendesk": 99.},
			"window":   map[string]any{"open": true, "ends": "2026-11-21T14:59:00Z"},
			"waiting":  map[string]any{"ticket": 1., "phone": 4., "kept": 2., "files": 1.},
			"sessions": []any{firstOne, session}, "mismatches": []any{"session", "organization"},
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", path, diff)
		}
	}
	c.thread.LastInbound, c.thread.Contact = time.Time{}, conversation.Contact{ID: apiContact}
	c.tells(c.ask("GET", conv, ""), 200, `"contact":{"id":"01JCONTACT"}`, `"window":{"open":false}`)
}

func TestUnknownSessions(t *testing.T) {
	t.Parallel()
	for _, r := range requests() {
		if !strings.HasPrefix(r[1], conv) {
			continue
		}
		c := openCounter(t, newSecret)
		c.tells(c.ask(r[0], strings.Replace(r[1], session, thirdOne, 1), r[2]), 404, `"not_found"`)
		c.tells(c.ask(r[0], strings.Replace(r[1], session, "nobody", 1), r[2]), 404, `"not_found"`)
		c.thread = nil
		c.tells(c.ask(r[0], r[1], r[2]), 404, `"not_found"`)
		if len(c.got) > 0 {
			t.Errorf("%s: a command reached %q", r[1], c.keys)
		}
	}
	c := openCounter(t, newSecret)
	c.thread.Conversation = nil // erased a moment ago
	c.tells(c.ask("GET", conv, ""), 404, `"not_found"`)
	c.known = false
	c.tells(c.ask("GET", conv+"/commands/command-1", ""), 404, `"not_found"`, "ainda não foi executado")
}

// While Redis can't be reached every call says that it may be tried again, and nothing of the cause.
func TestUnavailable(t *testing.T) {
	t.Parallel()
	for _, r := range requests() {
		t.Run(r[0]+" "+r[1], func(t *testing.T) {
			t.Parallel()
			c := openCounter(t, newSecret)
			c.err, c.wrong = errDown, errDown
			rec := c.ask(r[0], r[1], r[2])
			c.tells(rec, 503, `"code":"unavailable"`, `"text":"O serviço está indisponível`)
			if strings.Contains(rec.Body.String(), "redis") || !strings.Contains(c.logs.String(), "api request failed") {
				t.Errorf("told %s, logged %s", rec.Body, c.logs)
			}
		})
	}
}

func TestTranscripts(t *testing.T) {
	t.Parallel()
	c := openCounter(t, newSecret)
	c.entries = []conversation.Entry{{
		At: apiNow(), Author: conversation.AuthorCustomer, Origin: conversation.OriginWhatsApp, Message: "wamid.1", Type: "text", Text: "<b>bom dia</b>",
	}}
	for format, want := range map[string][3]string{ // type, disposition, words
		"":             {"text/plain; charset=UTF-8", "", "<b>bom dia</b>"},
		"?format=text": {"text/plain; charset=UTF-8", "", "<b>bom dia</b>"},
		"?format=html": {"text/html; charset=UTF-8", "", "&lt;b&gt;bom dia&lt;/b&gt;"},
		"?format=json": {"application/json", "", "bom dia"},
		"?format=csv":  {"text/csv; charset=utf-8", `attachment; filename="` + session + `.csv"`, "<b>bom dia</b>"},
		"?format=pdf":  {"application/pdf", `attachment; filename="` + session + `.pdf"`, "%PDF-"},
	} {
		rec := c.ask("GET", conv+"/transcript"+format, "")
		c.tells(rec, 200, want[2])
		h := rec.Header()
		if got := [2]string{h.Get("Content-Type"), h.Get("Content-Disposition")}; got != [2]string{want[0], want[1]} {
			t.Errorf("%s: %q", format, got)
		}
		csp := h.Get("Content-Security-Policy")
		if html := format == "?format=html"; html != (csp == "default-src 'none'; style-src 'unsafe-inline'; sandbox") || !html && csp != "" {
			t.Errorf("%s: Content-Security-Policy %q", format, csp)
		}
	}
	c.tells(c.ask("GET", conv+"/transcript?format=docx", ""), 400, `"bad_request"`)
	var earlier struct{ Ticket int64 }
	rec := c.ask("GET", "/api/v1/conversations/"+firstOne+"/transcript?format=json", "")
	if err := json.Unmarshal(rec.Body.Bytes(), &earlier); err != nil || earlier.Ticket != 0 {
		t.Errorf("an earlier conversation is given the newest one's ticket: %s", rec.Body)
	}
}

func TestTemplates(t *testing.T) {
	t.Parallel()
	c := openCounter(t, newSecret)
	path := "/api/v1/numbers/" + apiNumber + "/templates"
	c.tells(c.ask("GET", path, ""), 200, `{"templates":[]}`)
	c.list = []web.Template{{Name: "boas_vindas", Language: "pt_BR", Status: "APPROVED", Category: "UTILITY", Body: "Olá, {{1}}", Variables: 1}}
	c.tells(c.ask("GET", path, ""), 200, `"templates":[{"name":"boas_vindas","language":"pt_BR","status":"APPROVED","category":"UTILITY","body":"Olá, {{1}}","variables":1}]`)
	for _, number := range []string{"account", "sys", "12|34", "1%2F2", "1-2", "+55", strings.Repeat("1", 33)} {
		c.tells(c.ask("GET", "/api/v1/numbers/"+number+"/templates", ""), 400, `"bad_request"`)
	}
}

// 360dialog's webhooks go their own way.
func TestDialog360Webhook(t *testing.T) {
	t.Parallel()
	c := openCounter(t, newSecret)
	post := func() int {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/webhooks/360dialog", strings.NewReader(`{"a":1}`))
		r.Header.Set("X-Ponte", "1")
		rec := httptest.NewRecorder()
		c.echo.ServeHTTP(rec, r)
		return rec.Code
	}
	if code := post(); code != 200 || !slices.Equal(c.hooks.bodies, []string{`360dialog {"a":1}`}) || c.hooks.header.Get("X-Ponte") != "1" {
		t.Errorf("%d %q %v", code, c.hooks.bodies, c.hooks.header)
	}
	for want, err := range map[int]error{503: errDown, 401: refusal(401)} {
		c.hooks.err = err
		if got := post(); got != want {
			t.Errorf("%v is answered %d; want %d", err, got, want)
		}
	}
	for _, path := range []string{"/webhooks/360dialog", "/healthz", "/readyz", "/metrics", "/nowhere"} {
		rec := httptest.NewRecorder()
		c.echo.ServeHTTP(rec, httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil))
		if rec.Header().Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s: %v", path, rec.Header())
		}
	}
}

func fill(n int) string { return strings.Repeat("é", n) }

func body(format string, args ...any) string { return fmt.Sprintf(format, args...) }
