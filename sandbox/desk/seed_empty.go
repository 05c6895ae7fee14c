package desk

import "fmt"

// What an account begins with.
const (
	// SeedFull is a believable desk in use, whose triggers e-mail customers as every account's do.
	SeedFull = ""
	// SeedMuted is the same desk, whose triggers spare the tickets tagged whatsapp.
	SeedMuted = "muted"
	// SeedEmpty is a new account: one admin, one group, the system fields, views and triggers that every account has.
	SeedEmpty = "empty"
)

func checkSeed(kind string) error {
	switch kind {
	case SeedFull, SeedMuted, SeedEmpty:
		return nil
	default:
		return fmt.Errorf("seed %q is not known", kind)
	}
}

// Reseed throws everything away, as Reset does, and begins with another seed. Config's comes back with a new Server.
func (s *Server) Reseed(kind string) error {
	if err := checkSeed(kind); err != nil {
		return err
	}
	s.mu.Lock()
	s.cfg.Seed = kind
	s.mu.Unlock()
	return s.Reset()
}

// seedOwner makes the admin who opened the account, in its only group; they own the OAuth client too.
func (s *Server) seedOwner(*seedPlan) error {
	g := &group{Name: "Suporte", IsPublic: true, Default: true}
	if err := s.groups.save(s, g); err != nil {
		return err
	}
	u, email := freshUser(), "dona@desk.example"
	u.Name, u.Email, u.Role, u.Verified, u.DefaultGroupID = "Dona da conta", &email, roleAdmin, true, &g.ID
	if err := s.saveUser(u); err != nil {
		return err
	}
	return s.members.save(s, &membership{UserID: u.ID, GroupID: g.ID, Default: true})
}

func (s *Server) seedStandardTriggers(*seedPlan) error { return s.saveTriggers(standardTriggers()) }

func (s *Server) seedStandardViews(*seedPlan) error { return s.saveViews(standardViews()) }
