package graph

import (
	"net/http"
)

// numberData is a number as the API shows it.
type numberData struct {
	ID           string            `json:"id"`
	Display      string            `json:"display_phone_number"`
	Name         string            `json:"verified_name"`
	Quality      string            `json:"quality_rating"`
	Verification string            `json:"code_verification_status"`
	Platform     string            `json:"platform_type"`
	Status       string            `json:"status"`
	NameStatus   string            `json:"name_status"`
	Throughput   map[string]string `json:"throughput"`
	Webhook      map[string]string `json:"webhook_configuration"`
}

func (s *Server) numberData(n Number) numberData {
	return numberData{
		ID: n.ID, Display: "+" + n.Display, Name: "Ponte Demonstração", Quality: "GREEN", Verification: "VERIFIED", Platform: "CLOUD_API",
		Status: "CONNECTED", NameStatus: "APPROVED", Throughput: map[string]string{"level": "STANDARD"},
		Webhook: map[string]string{"application": s.cfg.CallbackURL},
	}
}

// getNumbers lists the account's numbers, also those that another provider hosts.
func (s *Server) getNumbers(_ http.ResponseWriter, r *http.Request) (any, error) {
	if err := s.account(r); err != nil {
		return nil, err
	}
	var list []any
	for _, n := range s.cfg.Numbers {
		list = append(list, s.numberData(n))
	}
	return s.page(r, list)
}

// appID is the id of the one app that the simulated account knows.
const appID = "670843887433847"

// getSubscriptions tells that the app gets the account's webhooks; postSubscription asks for them.
func (s *Server) getSubscriptions(_ http.ResponseWriter, r *http.Request) (any, error) {
	if err := s.account(r); err != nil {
		return nil, err
	}
	type app struct {
		Data map[string]string `json:"whatsapp_business_api_data"`
	}
	return map[string][]app{"data": {{Data: map[string]string{"id": appID, "name": "Ponte", "link": "https://www.facebook.com/games/?app_id=" + appID}}}}, nil
}

func (s *Server) postSubscription(_ http.ResponseWriter, r *http.Request) (any, error) {
	return success{Success: true}, s.account(r)
}

// getObject answers for the ids that stand alone in a path: the account, numbers and media.
func (s *Server) getObject(_ http.ResponseWriter, r *http.Request) (any, error) {
	id := r.PathValue("id")
	if id == s.cfg.WABA {
		return chosen(map[string]string{
			"id": id, "name": "Ponte Demonstração", "currency": "BRL", "timezone_id": "25", "account_review_status": "APPROVED",
		}, r.URL.Query().Get("fields"))
	}
	if n, err := s.hosted(id); err == nil {
		return chosen(s.numberData(n), r.URL.Query().Get("fields"))
	}
	return s.lookUp(id, r.URL.Query().Get("phone_number_id"), "")
}

// hosted returns a number of the Cloud API itself: those of another provider are not reached this way.
func (s *Server) hosted(id string) (Number, error) {
	n, ok := s.number(id)
	if !ok || n.Via != "" {
		return Number{}, noObject(id)
	}
	return n, nil
}

type erased struct {
	Success bool `json:"success"`
	Deleted bool `json:"deleted"`
}

// deleteContact takes a customer out of the business' contact book: who has a username hides the phone again.
func (s *Server) deleteContact(_ http.ResponseWriter, r *http.Request) (any, error) {
	if _, err := s.hosted(r.PathValue("id")); err != nil {
		return nil, err
	}
	q := r.URL.Query()
	id := q.Get("bsuid")
	switch {
	case q.Get("messaging_product") != "whatsapp":
		return nil, badParameter("The parameter messaging_product is required and must be 'whatsapp'.")
	case !bsuidPattern.MatchString(id) || parentPattern.MatchString(id):
		return nil, badParameter("Param bsuid must be a business-scoped user id, not one of a parent")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.customerByBSUID(id)
	if c == nil {
		return erased{Success: true}, nil
	}
	changed := *c
	changed.HidesPhone = changed.Username != ""
	return erased{Success: true, Deleted: true}, s.saveCustomer(&changed)
}
