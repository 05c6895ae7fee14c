package desk

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"
)

// States of jobs.
const (
	jobQueued    = "queued"
	jobWorking   = "working"
	jobCompleted = "completed"
)

// job is work done in the background (https://developer.zendesk.com/api-reference/ticketing/ticket-management/job_statuses/).
type job struct {
	ID        string            `json:"id"`
	Status    string            `json:"status"`
	Creates   bool              `json:"creates"` // tickets are made, not updated
	Items     []json.RawMessage `json:"items"`   // tickets as written, each with its id when it is updated
	ByID      int64             `json:"by_id"`
	CreatedAt time.Time         `json:"created_at"`
	Results   []jobResult       `json:"results"`
}

type jobResult struct {
	Index   int    `json:"index"`
	ID      int64  `json:"id,omitempty"`
	Action  string `json:"action,omitempty"`
	Status  string `json:"status,omitempty"`
	Success bool   `json:"success"`
	Error   string `json:"error,omitempty"`
	Details string `json:"details,omitempty"`
}

type jobBook struct {
	items map[string]*job
	order []string
}

// jobStep is how long a job is queued, and how long it then works.
const jobStep = time.Second

func (s *Server) jobRoutes() []route {
	return []route{
		rt("PUT", "/api/v2/tickets/update_many", s.updateMany),
		rt("POST", "/api/v2/tickets/create_many", s.createMany),
		rt("GET", "/api/v2/job_statuses", s.listJobs),
		rt("GET", "/api/v2/job_statuses/{key}", s.showJob),
	}
}

// updateMany takes up to 100 ticket objects, or one ticket object for up to 100 ids.
func (s *Server) updateMany(c *call) (answer, error) {
	var in struct {
		Ticket  map[string]json.RawMessage `json:"ticket"`
		Tickets []json.RawMessage          `json:"tickets"`
	}
	if err := c.decode(&in); err != nil {
		return answer{}, err
	}
	ids, err := idList(c.query.Get("ids"))
	if err != nil {
		return answer{}, err
	}
	if in.Ticket != nil {
		for _, id := range ids {
			in.Ticket["id"] = mustJSON(id)
			in.Tickets = append(in.Tickets, mustJSON(in.Ticket))
		}
	}
	return s.startJob(c, &job{Items: in.Tickets}, http.StatusOK)
}

func (s *Server) createMany(c *call) (answer, error) {
	var in struct {
		Tickets []json.RawMessage `json:"tickets"`
	}
	if err := c.decode(&in); err != nil {
		return answer{}, err
	}
	return s.startJob(c, &job{Creates: true, Items: in.Tickets}, http.StatusOK)
}

// createLater is the creation of one ticket with ?async=true.
func (s *Server) createLater(c *call, raw json.RawMessage) (answer, error) {
	return s.startJob(c, &job{Creates: true, Items: []json.RawMessage{raw}}, http.StatusAccepted)
}

func (s *Server) startJob(c *call, j *job, status int) (answer, error) {
	if n := len(j.Items); n == 0 || n > maxPage {
		return answer{}, badRequest("InvalidValue", "From 1 to 100 tickets may be given")
	}
	waiting := 0
	for _, other := range s.jobs.items {
		if other.Status != jobCompleted {
			waiting++
		}
	}
	if most := s.limits().Jobs; most >= 0 && waiting >= most {
		return answer{}, tooMany("TooManyJobs", fmt.Sprintf("At most %d jobs may be queued or running", most), jobStep)
	}
	j.ID, j.Status, j.ByID, j.CreatedAt, j.Results = rand.Text(), jobQueued, c.user.ID, c.now, []jobResult{}
	if err := s.keepJob(j); err != nil {
		return answer{}, err
	}
	s.queueJob(j)
	return answer{status: status, body: map[string]any{"job_status": s.jobWire(j)}}, nil
}

func (s *Server) keepJob(j *job) error {
	if err := s.store("job", j.ID, j); err != nil {
		return err
	}
	if s.jobs.items[j.ID] == nil {
		s.jobs.order = append(s.jobs.order, j.ID)
	}
	s.jobs.items[j.ID] = j
	return nil
}

func (s *Server) queueJob(j *job) {
	id := j.ID
	s.cfg.Queue.At(s.now().Add(jobStep), func(context.Context) {
		s.mu.Lock()
		defer s.mu.Unlock()
		if err := s.advance(s.jobs.items[id]); err != nil {
			s.log.Error("running a job failed", "job", id, "error", err)
		}
	})
}

// advance moves a job one state on; its work is done when it leaves working.
func (s *Server) advance(j *job) error {
	if j == nil || j.Status == jobCompleted {
		return nil
	}
	next := *j
	if j.Status == jobQueued {
		next.Status = jobWorking
		if err := s.keepJob(&next); err != nil {
			return err
		}
		s.queueJob(&next)
		return nil
	}
	next.Results = make([]jobResult, 0, len(j.Items))
	for i, raw := range j.Items {
		next.Results = append(next.Results, s.workOn(j, i, raw))
	}
	next.Status = jobCompleted
	return s.keepJob(&next)
}

func (s *Server) workOn(j *job, index int, raw json.RawMessage) jobResult {
	out := jobResult{Index: index, Action: "update", Status: "Updated"}
	if j.Creates {
		out.Action, out.Status = "create", "Created"
	}
	id, err := s.workItem(j, raw)
	out.ID = id
	if err == nil {
		out.Success = true
		return out
	}
	var ae *apiError
	if !errors.As(err, &ae) {
		ae = &apiError{code: "InternalError", description: err.Error()}
	}
	return jobResult{Index: index, ID: id, Error: ae.code, Details: ae.description}
}

func (s *Server) workItem(j *job, raw json.RawMessage) (int64, error) {
	in, _, err := readTicket(raw, true)
	if err != nil {
		return 0, err
	}
	by := actor{s.users.get(j.ByID), "api"}
	if j.Creates {
		ch, err := s.create(by, in)
		if err != nil {
			return 0, err
		}
		if _, err := s.commit(ch); err != nil {
			return 0, err
		}
		return ch.next.ID, nil
	}
	id := int64(in.ID.V)
	t := s.tickets.get(id)
	if t == nil {
		return id, notFound()
	}
	_, _, err = s.amend(by, t, in)
	return id, err
}

func (s *Server) jobWire(j *job) map[string]any {
	return map[string]any{
		"id": j.ID, "url": s.url("/job_statuses/%s.json", j.ID), "status": j.Status, "total": len(j.Items),
		"progress": len(j.Results), "message": nil, "results": j.Results, "job_type": "Bulk Update Ticket",
	}
}

func (s *Server) showJob(c *call) (answer, error) {
	j := s.jobs.items[c.vars["key"]]
	if j == nil {
		return answer{}, notFound()
	}
	return ok(map[string]any{"job_status": s.jobWire(j)})
}

func (s *Server) listJobs(*call) (answer, error) {
	list := []any{}
	for _, id := range s.jobs.order {
		list = append(list, s.jobWire(s.jobs.items[id]))
	}
	return ok(map[string]any{"job_statuses": list, "count": len(list), "next_page": nil, "previous_page": nil})
}

// loadJobs also takes up the jobs that did not end.
func (s *Server) loadJobs() error {
	s.jobs = jobBook{items: map[string]*job{}}
	return s.cfg.Store.Each("job", func(id string, raw json.RawMessage) error {
		j := &job{}
		if err := json.Unmarshal(raw, j); err != nil {
			return fmt.Errorf("load job %s: %w", id, err)
		}
		s.jobs.items[id] = j
		s.jobs.order = append(s.jobs.order, id)
		if j.Status != jobCompleted {
			s.queueJob(j)
		}
		return nil
	})
}
