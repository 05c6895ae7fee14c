package zendesk_test

import (
	"testing"

	"github.com/ponte-desk/ponte/zendesk"
)

func TestShowStaff(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]bool{
		`{"user":{"id":31,"name":"Ana","role":"agent","active":true,"role_type":0}}`:  true,
		`{"user":{"id":31,"name":"Ana","role":"admin","active":true,"role_type":4}}`:  true,
		`{"user":{"id":31,"name":"Ana","role":"agent","active":true}}`:                true,
		`{"user":{"id":31,"name":"Ana","role":"agent","active":true,"role_type":1}}`:  false,
		`{"user":{"id":31,"name":"Ana","role":"agent","active":true,"role_type":2}}`:  false,
		`{"user":{"id":31,"name":"Ana","role":"agent","active":true,"role_type":3}}`:  false,
		`{"user":{"id":31,"name":"Ana","role":"admin","active":true,"role_type":5}}`:  true,
		`{"user":{"id":31,"name":"Ana","role":"agent","active":true,"role_type":99}}`: true,
	} {
		p, c := setup(t)
		p.handle("GET /api/v2/users/31", 200, body)
		got, err := c.ShowStaff(t.Context(), 31)
		if err != nil || got.ID != 31 || got.Name != "Ana" || !got.Active || !got.Staff() || got.Answers() != want {
			t.Errorf("%s: %+v, %v", body, got, err)
		}
	}
	p, c := setup(t)
	p.handle("GET /api/v2/users/31", 200, `{"user":{"id":32}}`)
	p.handle("GET /api/v2/users/33", 404, `{"error":"RecordNotFound"}`)
	if _, err := c.ShowStaff(t.Context(), 31); zendesk.KindOf(err) != zendesk.KindServer {
		t.Errorf("somebody else: %v", err)
	}
	if _, err := c.ShowStaff(t.Context(), 33); zendesk.KindOf(err) != zendesk.KindNotFound {
		t.Errorf("nobody: %v", err)
	}
}

// The simulated account tells light agents.
func TestShowStaffOfTheAccount(t *testing.T) {
	t.Parallel()
	c := setupDesk(t)
	groups, err := c.Groups(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	answers := map[string]bool{}
	for _, g := range groups {
		users, err := c.GroupUsers(t.Context(), g.ID)
		if err != nil {
			t.Fatal(err)
		}
		for _, u := range users {
			staff, err := c.ShowStaff(t.Context(), u.ID)
			if err != nil {
				t.Fatal(err)
			}
			answers[staff.Name] = staff.Answers()
		}
	}
	if !answers["Ana Beatriz Souza"] {
		t.Errorf("agents: %v", answers)
	}
	for name, can := range answers {
		if !can && name != "Ivo Menezes" {
			t.Errorf("%s may not answer", name)
		}
	}
}
