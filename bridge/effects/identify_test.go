package effects_test

import (
	"fmt"
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/zendesk"
)

const (
	exactRoute   = "GET /api/v2/organizations/search"
	searchRoute  = "GET /api/v2/search"
	theirsRoute  = "GET /api/v2/users/7/organizations"
	oneRoute     = "GET /api/v2/organizations/40"
	ticketsRoute = "GET /api/v2/organizations/40/tickets"
	cnpj         = "11222333000181"
	// aurora is an organisation without pending.
	aurora = `{"id":40,"name":"Aurora","external_id":"A-1","result_type":"organization","organization_fields":{"cnpj":"11.222.333/0001-81","pendencia_financeira":"nao"}}`
)

func identifying(q conversation.Identify) conversation.Pending {
	return conversation.Pending{Effect: conversation.Effect{ID: "6", Kind: conversation.EffectIdentify, Ask: &q}}
}

// isAurora is what is said of it.
func isAurora() conversation.Organization {
	return conversation.Organization{ID: 40, Name: "Aurora", CNPJ: cnpj, Pending: conversation.PendingNo, At: at(0)}
}

// TestIdentifyContact wants the organisations of the contact's user, who is looked for by phone while not known.
func TestIdentifyContact(t *testing.T) {
	t.Parallel()
	person := `{"users":[{"id":7,"role":"end-user","phone":"+5511987654321","email":"ana@example.com"}]}`
	tests := []struct {
		name      string
		contact   int64 // its user
		users     string
		companies string
		status    int
		want      conversation.Identity
		calls     []string
		requests  int
	}{
		{"known", 7, "", aurora, 200, conversation.Identity{User: 7, Organizations: []conversation.Organization{isAurora()}}, []string{theirsRoute}, 1},
		{"known, of several", 7, "", aurora + `,{"id":41,"name":"Filial"}`, 200, conversation.Identity{User: 7, Organizations: []conversation.Organization{
			isAurora(), {ID: 41, Name: "Filial", Pending: conversation.PendingEmpty, At: at(0)},
		}}, []string{theirsRoute}, 1},
		{"known, of none", 7, "", "", 200, conversation.Identity{User: 7}, []string{theirsRoute}, 1},
		{"known, and deleted", 7, "", "", 404, conversation.Identity{}, []string{theirsRoute}, 1},
		{"by phone", 0, person, aurora, 200, conversation.Identity{User: 7, Email: "ana@example.com", Organizations: []conversation.Organization{isAurora()}}, []string{findRoute, theirsRoute}, 2},
		{"by phone, and deleted since", 0, person, "", 404, conversation.Identity{}, []string{findRoute, theirsRoute}, 2},
		{"by a phone of nobody", 0, `{"users":[]}`, "", 200, conversation.Identity{}, []string{findRoute}, 2},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := procedural(t)
			r.desk.on(findRoute, says(200, tt.users))
			r.desk.on(theirsRoute, says(tt.status, `{"organizations":[`+tt.companies+`],"meta":{"has_more":false}}`))
			th := open()
			th.Contact.Zendesk = tt.contact
			got := r.done(r.try(th, identifying(conversation.Identify{})))
			r.same("identity", got.Identity, &tt.want)
			r.same("calls", r.desk.calls(), tt.calls)
			r.same("asked", r.budget.asks, []ask{{thread + "#6", zendesk.LanePeople, zendesk.Cost{Requests: tt.requests}}})
			r.same("marks: it only reads", r.marks, []bool(nil))
		})
	}
	t.Run("who has no phone is nobody known", func(t *testing.T) {
		t.Parallel()
		r := procedural(t)
		th := unknown()
		th.Contact.WaID = ""
		r.same("identity", r.done(r.try(th, identifying(conversation.Identify{}))).Identity, &conversation.Identity{})
		r.silent()
	})
}

// TestIdentifyCNPJ wants the one organisation with a CNPJ: by its external id, which is exact, else by its field in either spelling.
func TestIdentifyCNPJ(t *testing.T) {
	t.Parallel()
	q := conversation.Identify{CNPJ: cnpj}
	found := func(id int64, number string) string {
		return fmt.Sprintf(`{"id":%d,"name":"Aurora","result_type":"organization","organization_fields":{"cnpj":%q,"pendencia_financeira":"nao"}}`, id, number)
	}
	byExternal := conversation.Organization{ID: 40, Name: "Aurora", CNPJ: cnpj, Pending: conversation.PendingEmpty, At: at(0)}
	both := []string{exactRoute, searchRoute}
	tests := []struct {
		name   string
		exact  string
		search string
		want   []conversation.Organization
		calls  []string
	}{
		{"external id", `{"id":40,"name":"Aurora","external_id":"` + cnpj + `"}`, "", []conversation.Organization{byExternal}, []string{exactRoute}},
		{"another's external id", `{"id":40,"name":"Aurora","external_id":"112223330001810"}`, "", nil, both},
		{"field with punctuation", "", aurora, []conversation.Organization{isAurora()}, both},
		{"field without", "", found(40, cnpj), []conversation.Organization{isAurora()}, both},
		{"found by something else", "", found(41, "19131243000197") + "," + found(40, cnpj), []conversation.Organization{isAurora()}, both},
		{"of several nobody", "", found(40, cnpj) + "," + found(41, "11.222.333/0001-81"), nil, both},
		{"none", "", "", nil, both},
		{"a ticket is no organisation", "", `{"id":40,"result_type":"ticket"}`, nil, both},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := procedural(t)
			r.desk.on(exactRoute, says(200, `{"organizations":[`+tt.exact+`]}`))
			r.desk.on(searchRoute, says(200, `{"results":[`+tt.search+`]}`))
			got := r.done(r.try(open(), identifying(q)))
			r.same("identity", got.Identity, &conversation.Identity{Ask: q, User: 7, Organizations: tt.want})
			r.same("calls", r.desk.calls(), tt.calls)
			r.same("exact", r.desk.seen[0].Query, url.Values{"external_id": {cnpj}})
			if len(tt.calls) > 1 {
				r.same("search", r.desk.seen[1].Query, url.Values{"query": {`type:organization cnpj:"11222333000181" cnpj:"11.222.333/0001-81"`}})
			}
			r.same("asked", r.budget.asks, []ask{{thread + "#6", zendesk.LanePeople, zendesk.Cost{Requests: 3}}})
		})
	}
}

// TestIdentifyByID wants an organisation that somebody gave the ticket to be judged, and one that is gone to be none.
func TestIdentifyByID(t *testing.T) {
	t.Parallel()
	q := conversation.Identify{Organization: 40}
	for status, want := range map[int][]conversation.Organization{200: {isAurora()}, 404: nil} {
		r := procedural(t)
		r.desk.on(oneRoute, says(status, `{"organization":`+aurora+`}`))
		got := r.done(r.try(open(), identifying(q)))
		r.same("identity", got.Identity, &conversation.Identity{Ask: q, User: 7, Organizations: want})
		r.same("calls", r.desk.calls(), []string{oneRoute})
	}
}

// TestPending is what an organisation's field says of a financial pending, whatever the field is.
func TestPending(t *testing.T) {
	t.Parallel()
	const yes, no, empty = conversation.PendingYes, conversation.PendingNo, conversation.PendingEmpty
	for value, want := range map[string]conversation.PendingAnswer{
		`"sim"`: yes, `"Sim"`: yes, `" SIM "`: yes, `"s"`: yes, `true`: yes, `"true"`: yes, `1`: yes, `"pendencia_sim"`: yes, `"pendencia_financeira_sim"`: yes, `"pendência::sim"`: yes, `"yes"`: yes,
		`"nao"`: no, `"não"`: no, `"Não"`: no, `"NÃO"`: no, `"n"`: no, `false`: no, `"false"`: no, `0`: no, `"pendencia_nao"`: no, `"pendencia_não"`: no, `"no"`: no,
		`null`: empty, `""`: empty, `" "`: empty, `"talvez"`: empty, `"sim_senhor"`: empty, `"_"`: empty, `{}`: empty, `[]`: empty, `2`: empty, `"nada consta"`: empty,
	} {
		r := procedural(t)
		r.desk.on(oneRoute, says(200, `{"organization":{"id":40,"name":"Aurora","organization_fields":{"pendencia_financeira":`+value+`}}}`))
		got := r.done(r.try(open(), identifying(conversation.Identify{Organization: 40}))).Identity.Organizations[0].Pending
		r.same(value, got, want)
	}
	r := procedural(t)
	r.desk.on(oneRoute, says(200, `{"organization":{"id":40,"name":"Aurora"}}`))
	r.same("no such field", r.done(r.try(open(), identifying(conversation.Identify{Organization: 40}))).Identity.Organizations[0].Pending, empty)
}

// TestRequester wants who of the organisation opened most of its tickets, and nobody who can't have them.
func TestRequester(t *testing.T) {
	t.Parallel()
	ticket := func(requester, organization, minute int) string {
		return fmt.Sprintf(`{"id":%d,"requester_id":%d,"organization_id":%d,"created_at":"2026-03-01T10:%02d:00Z"}`, 1000-minute, requester, organization, minute)
	}
	const people = `{"id":21,"name":"Bia","role":"end-user","active":true},{"id":22,"name":"Caio","role":"end-user","active":true},
 {"id":7,"name":"Ana","role":"end-user","active":true},{"id":31,"name":"João","role":"agent","active":true},{"id":32,"name":"Adm","role":"admin","active":true},
 {"id":23,"name":"Da Ponte","role":"end-user","active":true,"external_id":"ponte-c9"},{"id":24,"name":"Suspensa","role":"end-user","active":true,"suspended":true},
 {"id":25,"name":"Apagado","role":"end-user","active":false}`
	tests := []struct {
		name    string
		tickets [][3]int // requester, organisation, minute
		want    int64
		who     string
	}{
		{"most tickets", [][3]int{{21, 40, 9}, {22, 40, 8}, {21, 40, 7}, {22, 40, 6}, {22, 40, 5}}, 22, "Caio"},
		{"a tie goes to the most recent", [][3]int{{22, 40, 9}, {21, 40, 8}, {21, 40, 7}, {22, 40, 6}}, 22, "Caio"},
		{"whoever else has more does not count", [][3]int{
			{7, 40, 9}, {7, 40, 8}, {31, 40, 7}, {31, 40, 6}, {32, 40, 5}, {32, 40, 4}, {23, 40, 3}, {23, 40, 2}, {24, 40, 1}, {24, 40, 0}, {25, 40, 11}, {25, 40, 12}, {99, 40, 13}, {99, 40, 14}, {21, 40, 10},
		}, 21, "Bia"},
		{"tickets of another organisation do not count", [][3]int{{22, 41, 9}, {22, 41, 8}, {21, 40, 7}}, 21, "Bia"},
		{"nobody who counts", [][3]int{{7, 40, 9}, {31, 40, 8}}, 0, ""},
		{"no tickets", nil, 0, ""},
	}
	q := conversation.Identify{CNPJ: cnpj, Repair: true}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := procedural(t)
			list := ""
			for i, k := range tt.tickets {
				if i > 0 {
					list += ","
				}
				list += ticket(k[0], k[1], k[2])
			}
			r.desk.on(exactRoute, says(200, `{"organizations":[]}`))
			r.desk.on(searchRoute, says(200, `{"results":[`+aurora+`]}`))
			r.desk.on(ticketsRoute, says(200, `{"tickets":[`+list+`],"users":[`+people+`],"next_page":null}`))
			for range 10 { // whatever the order in which people are counted
				got := r.done(r.try(open(), identifying(q)))
				r.same("identity", got.Identity, &conversation.Identity{
					Ask: q, User: 7, Organizations: []conversation.Organization{isAurora()}, Requester: tt.want, RequesterName: tt.who,
				})
			}
			r.same("calls", r.desk.calls()[:3], []string{exactRoute, searchRoute, ticketsRoute})
		})
	}
	t.Run("not asked where no organisation is found", func(t *testing.T) {
		t.Parallel()
		r := procedural(t)
		r.desk.on(exactRoute, says(200, `{"organizations":[]}`))
		r.desk.on(searchRoute, says(200, `{"results":[]}`))
		r.same("identity", r.done(r.try(open(), identifying(q))).Identity, &conversation.Identity{Ask: q, User: 7})
		r.same("calls", r.desk.calls(), []string{exactRoute, searchRoute})
	})
}

// TestIdentifyFails wants a question to be asked again until it is answered or refused for good, with nothing half known.
func TestIdentifyFails(t *testing.T) {
	t.Parallel()
	second := time.Second
	tests := []struct {
		name  string
		ask   conversation.Identify
		route string
	}{
		{"user", conversation.Identify{}, findRoute},
		{"theirs", conversation.Identify{}, theirsRoute},
		{"exact", conversation.Identify{CNPJ: cnpj}, exactRoute},
		{"search", conversation.Identify{CNPJ: cnpj}, searchRoute},
		{"tickets", conversation.Identify{CNPJ: cnpj, Repair: true}, ticketsRoute},
		{"one", conversation.Identify{Organization: 40}, oneRoute},
	}
	answers := map[string]struct {
		answer      http.HandlerFunc
		least, most time.Duration
	}{
		"server":  {says(500, `{}`), 800 * time.Millisecond, second},
		"cut":     {cut, 800 * time.Millisecond, second},
		"limited": {says(429, `{}`, "Retry-After", "17"), 17 * second, 17 * second},
		"role":    {says(403, `{}`), time.Minute, time.Minute},
	}
	for _, tt := range tests {
		for name, a := range answers {
			t.Run(tt.name+" "+name, func(t *testing.T) {
				t.Parallel()
				r := procedural(t)
				r.desk.on(findRoute, says(200, `{"users":[{"id":7,"role":"end-user","phone":"+5511987654321"}]}`))
				r.desk.on(exactRoute, says(200, `{"organizations":[]}`))
				r.desk.on(searchRoute, says(200, `{"results":[`+aurora+`]}`))
				r.desk.on(tt.route, a.answer)
				got := r.try(unknown(), identifying(tt.ask))
				r.later(got, a.least, a.most)
				r.same("identity", got.Identity, (*conversation.Identity)(nil))
			})
		}
	}
	t.Run("for good", func(t *testing.T) {
		t.Parallel()
		r := procedural(t)
		r.desk.on(exactRoute, says(200, `{"organizations":[]}`))
		r.desk.on(searchRoute, says(422, `{"error":"invalid"}`))
		r.failed(r.try(open(), identifying(conversation.Identify{CNPJ: cnpj})), "")
	})
	t.Run("budget", func(t *testing.T) {
		t.Parallel()
		r := procedural(t)
		r.budget.at = at(5)
		r.later(r.try(open(), identifying(conversation.Identify{})), 5*second, 5*second)
		r.silent()
	})
}
