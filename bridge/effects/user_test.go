package effects_test

import (
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/zendesk"
)

// TestUserByPhone wants the one customer who has the contact's phone, in whichever form Zendesk holds it, and nobody when it is not
// certain who that is.
func TestUserByPhone(t *testing.T) {
	t.Parallel()
	const short, long = "551187654321", "5511987654321"
	both := func(first, second string) url.Values {
		return url.Values{"query": {`phone:"+` + first + `" phone:"+` + second + `"`}}
	}
	tests := []struct {
		name  string
		waID  string
		users string
		query url.Values
		user  int64 // 0: one is created
	}{
		{"as whatsapp has it", long, `{"id":31,"role":"end-user","phone":"+5511987654321"}`, both(long, short), 31},
		{"without the ninth digit", long, `{"id":31,"role":"end-user","phone":"+551187654321"}`, both(long, short), 31},
		{"with the ninth digit", short, `{"id":31,"role":"end-user","phone":"+5511987654321"}`, both(short, long), 31},
		{"as people write it", short, `{"id":31,"role":"end-user","phone":"+55 (11) 98765-4321"}`, both(short, long), 31},
		{"of another country", "14155550100", `{"id":31,"role":"end-user","phone":"+1 415 555-0100"}`, url.Values{"query": {`phone:"+14155550100"`}}, 31},
		{"a landline is nobody's mobile", "551136543210", `{"id":31,"role":"end-user","phone":"+5511936543210"}`, url.Values{"query": {`phone:"+551136543210"`}}, 0},
		{"found by something else", long, `{"id":31,"role":"end-user","phone":"+5511900000000"},{"id":32,"role":"end-user","phone":""}`, both(long, short), 0},
		{"an agent's phone", long, `{"id":31,"role":"agent","phone":"+5511987654321"},{"id":32,"role":"admin","phone":"+5511987654321"}`, both(long, short), 0},
		{"an agent's and a customer's", long, `{"id":31,"role":"agent","phone":"+5511987654321"},{"id":32,"role":"end-user","phone":"+5511987654321"}`, both(long, short), 32},
		{"suspended", long, `{"id":31,"role":"end-user","phone":"+5511987654321","suspended":true}`, both(long, short), 0},
		{"two have it", long, `{"id":31,"role":"end-user","phone":"+5511987654321"},{"id":32,"role":"end-user","phone":"+551187654321"}`, both(long, short), 0},
		{"nobody", long, ``, both(long, short), 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := setup(t)
			r.desk.on(findRoute, says(200, `{"users":[`+tt.users+`]}`))
			r.desk.on(upsertRoute, says(201, `{"user":{"id":70}}`))
			th := unknown()
			th.Contact.WaID = tt.waID
			want, calls := tt.user, []string{findRoute}
			if want == 0 {
				want, calls = 70, append(calls, upsertRoute)
			}
			r.same("user", r.done(r.try(th, userEffect())).User, want)
			r.same("calls", r.desk.calls(), calls)
			r.same("query", r.desk.last("GET").Query, tt.query)
			r.same("asked", r.budget.asks, []ask{{thread + "#1", zendesk.LanePeople, zendesk.Cost{Requests: 2, UserWrite: true}}})
		})
	}
}

// TestUserWithoutPhone wants nobody to be looked for by a phone that is not known.
func TestUserWithoutPhone(t *testing.T) {
	t.Parallel()
	r := setup(t)
	r.desk.on(upsertRoute, says(201, `{"user":{"id":70}}`))
	th := unknown()
	th.Contact.WaID = ""
	r.done(r.try(th, userEffect()))
	r.same("calls", r.desk.calls(), []string{upsertRoute})
}

// TestUserSearchFails wants no user to be created before the search has answered, unless it never will.
func TestUserSearchFails(t *testing.T) {
	t.Parallel()
	short := func(r *rig, got conversation.Result) {
		r.Helper()
		r.later(got, 800*time.Millisecond, time.Second)
	}
	tests := map[string]struct {
		answer http.HandlerFunc
		check  func(r *rig, got conversation.Result)
	}{
		"server":      {says(500, `{}`), short},
		"cut":         {cut, short},
		"limited":     {says(429, `{}`, "Retry-After", "61"), func(r *rig, got conversation.Result) { r.later(got, 61*time.Second, 61*time.Second) }},
		"credentials": {says(401, `{}`), func(r *rig, got conversation.Result) { r.later(got, time.Minute, time.Minute) }},
		"for good":    {says(422, `{}`), func(r *rig, got conversation.Result) { r.same("user", r.done(got).User, int64(70)) }},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := setup(t)
			r.desk.on(findRoute, tt.answer)
			r.desk.on(upsertRoute, says(201, `{"user":{"id":70}}`))
			tt.check(r, r.try(unknown(), userEffect()))
			for _, call := range r.desk.calls() {
				if call == upsertRoute && name != "for good" {
					t.Error("a user was created all the same")
				}
			}
		})
	}
}
