package decide_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ponte-desk/ponte/bridge/conversation"
)

// A ticket without organisation is repaired: the requester is the organisation's, the person stays in copy.
func TestTicketIsRepaired(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		email     string
		requester int64
		want      conversation.Change
		flags     []conversation.Flag
		notes     []string
	}{
		"with a requester": {
			"ana@alfa.example", 701,
			conversation.Change{Organization: alfaID, Requester: 701, CC: "ana@alfa.example"},
			nil,
			[]string{"organização Alfa, solicitante Bento"},
		},
		"without an e-mail": {
			"", 701,
			conversation.Change{Organization: alfaID, Requester: 701},
			[]conversation.Flag{conversation.FlagNoEmail},
			[]string{"solicitante Bento", "E-mail do contato não informado"},
		},
		"without anybody else": {"", 0, conversation.Change{Organization: alfaID}, nil, []string{"solicitante Ana"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := procedural(t)
			w.says("oi")
			w.identifies(conversation.Identity{User: contactUser, Email: tt.email})
			w.wantFlags(conversation.FlagNoOrganization)
			w.creates(of(0, groupN1, 0))
			w.second = 100
			w.writes()
			w.says("11.222.333/0001-81")
			answer := conversation.Identity{Organizations: []conversation.Organization{w.alfa(conversation.PendingNo)}, Requester: tt.requester}
			if tt.requester != 0 {
				answer.RequesterName = "Bento"
			}
			w.identifies(answer)
			w.wantReason("ticket gets its organisation")
			w.wantFlags(tt.flags...)
			got := w.changes()
			if got.Fields[conversation.FieldCNPJ] != "11.222.333/0001-81" {
				t.Errorf("fields are %v", got.Fields)
			}
			got.Fields = nil
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("change (-want +got):\n%s", diff)
			}
			for _, note := range tt.notes {
				if lane := strings.Join(w.lane(), "\n"); !strings.Contains(lane, note) {
					t.Errorf("the lane is %q, want %q in it", lane, note)
				}
			}
		})
	}
}

// Of several organisations of the contact, that of the ticket is the one.
func TestTicketTellsWhichOrganisation(t *testing.T) {
	t.Parallel()
	w := procedural(t)
	w.says("oi")
	w.identifies(knows(w.alfa(conversation.PendingNo), w.beta(conversation.PendingNo)))
	w.creates(of(betaID, groupN1, 0))
	if o := w.proc().Organization; o == nil || o.ID != betaID {
		t.Errorf("the organisation is %+v", o)
	}
	if c := w.changes(); c.Organization != 0 {
		t.Errorf("the ticket is changed to %+v", c)
	}
}

// A ticket that is made after the end repairs and refuses nothing any more.
func TestTicketMadeAfterTheEnd(t *testing.T) {
	t.Parallel()
	w := procedural(t)
	w.says("oi")
	w.identifies(knows(w.alfa(conversation.PendingYes), w.beta(conversation.PendingNo)))
	w.wantOK(conversation.Command{Kind: conversation.CommandCancel, Agent: ana()})
	w.creates(of(alfaID, groupN1, 0))
	w.wantState(conversation.StateCancelled)
	w.wantOutcome(conversation.EndCancelled)
	w.wantPhone()
}
