package app_test

import (
	"strings"
	"testing"
	"time"

	"github.com/ponte-desk/ponte/bridge/settings"
)

// TestPendingIsRefused: whose company has a financial pending is refused politely, and nobody has any work with it.
func TestPendingIsRefused(t *testing.T) {
	t.Parallel()
	bothModes(t, func(t moded) {
		n := t.number
		a := attend(t.T, n)
		a.says(sebastiao, "bom dia, o sistema parou")
		a.run(5 * time.Minute)

		// Zendesk may answer before the bot has said a word.
		a.wantTold(sebastiao, "Identificamos uma pendência no cadastro da sua empresa")
		if said := a.phone(sebastiao); len(said)-a.told(sebastiao, "O atendimento foi iniciado sob o número 261123-001") != 1 {
			t.Errorf("the customer is told %q", said)
		}
		ticket := a.ticket()
		if ticket.Status != "solved" || ticket.Subject != "Whats - Pendência no Cadastro" || ticket.OrganizationID != a.organization("Atacado Boa Vista S.A.") {
			t.Errorf("the ticket is %+v", ticket)
		}
		a.wantTags(ticket, "whatsapp", "whatsapp_pendencia_cadastro")
		a.wantComment(ticket, "Cliente orientado a procurar o CST por pendência no cadastro.", false)
		a.wantFields(ticket, map[string]string{fieldCNPJ: `"45.312.789/0001-54"`, fieldSession: `"` + ticket.ExternalID + `"`})
		if got := a.shows(ticket.ExternalID); got.State != "closed" || got.Outcome != "financial" || got.Organization.Pending != "yes" {
			t.Errorf("the API shows %+v", got)
		}
		a.wantQuiet()
	})
}

// TestAttendance is the usual case, from the first word to the closed ticket.
func TestAttendance(t *testing.T) {
	t.Parallel()
	bothModes(t, func(t moded) {
		n := t.number
		a := attend(t.T, n)
		ana, bruno := a.staff("Ana Beatriz Souza"), a.staff("Bruno Carvalho")

		a.says(mariana, "bom dia, não consigo emitir a nota")
		a.wantTold(mariana, "O atendimento foi iniciado sob o número 261123-001", "Escolha uma opção")
		a.chooses(mariana, menuInvoices)
		a.wantTold(mariana, "Vou transferir você para um de nossos atendentes")
		a.run(30 * time.Second)

		// People get it with everything that is to be known.
		ticket := a.ticket()
		session := ticket.ExternalID
		if ticket.Status != "new" || ticket.GroupID != a.group(queueN1) || ticket.OrganizationID != a.organization("Distribuidora Aurora Ltda") ||
			ticket.RequesterID != a.user("Mariana Albuquerque").ID || ticket.AssigneeID != 0 {
			t.Errorf("handed over: %+v", ticket)
		}
		a.wantTags(ticket, "whatsapp")
		a.wantFields(ticket, map[string]string{
			fieldCNPJ: `"11.222.333/0001-81"`, fieldSession: `"` + session + `"`, fieldContact: `"Mariana Albuquerque"`, fieldPhone: `"+5511987650142"`,
			fieldCatalog: invoicesTag, fieldDerived: `"23/11/2026 10:0`,
		})
		a.wantComment(ticket, "Opção escolhida: "+menuInvoices, false)
		if got := a.shows(session); got.State != "queued" || got.Attendance != "261123-001" || got.Organization.Pending != "no" || len(got.Mismatches)+len(got.Flags) > 0 {
			t.Errorf("the API shows %+v", got)
		}

		// Ana opens it twice, takes it, answers; Bruno cannot take it from her.
		a.does(session, "open", fields{"agent": ana})
		a.does(session, "open", fields{"agent": bruno})
		a.wantTold(mariana, "Meu nome é Ana Beatriz Souza e vou seguir com o seu atendimento.\nBom dia!")
		a.does(session, "take", fields{"agent": ana})
		a.refusedFor(session, "take", fields{"agent": bruno}, "nowhere_to_go", "já está com Ana Beatriz Souza")
		a.does(session, "reply", fields{"agent": ana, "text": "qual é a mensagem de erro?"})
		a.says(mariana, "rejeição 539")
		a.run(10 * time.Minute)
		ticket = a.again(ticket)
		if ticket.Status != "open" || ticket.AssigneeID != a.user("Ana Beatriz Souza").ID {
			t.Errorf("taken: %+v", ticket)
		}

		// It is transferred to Bruno with a word for him alone.
		a.does(session, "transfer", fields{"agent": ana, "to": bruno, "text": "ela já enviou o XML"})
		a.wantTold(mariana, "O seu atendimento foi transferido para Bruno Carvalho")
		a.run(10 * time.Minute)
		ticket = a.again(ticket)
		if ticket.AssigneeID != a.user("Bruno Carvalho").ID {
			t.Errorf("transferred: %+v", ticket)
		}
		a.wantTags(ticket, "whatsapp", "whatsapp_transferido")
		a.wantComment(ticket, "ela já enviou o XML", false)
		if a.told(mariana, "XML") > 0 {
			t.Error("the customer reads the comment of the transfer")
		}

		// He closes it: what is missing is named, the customer is told, the ticket has it all.
		a.refusedFor(session, "close", fields{"agent": bruno, "subject": "Rejeição 539"}, "fields_missing", "motivo")
		a.does(session, "close", fields{"agent": bruno, "subject": "Rejeição 539 na NF-e", "reason": "duplicidade"})
		a.run(10 * time.Minute)
		a.wantTold(mariana, "O atendimento foi concluído sob o número 261123-001")
		ticket = a.again(ticket)
		if ticket.Status != "solved" || ticket.Subject != "Rejeição 539 na NF-e" || ticket.AssigneeID != a.user("Bruno Carvalho").ID {
			t.Errorf("closed: %+v", ticket)
		}
		a.wantTags(ticket, "atendimento_whatsapp", "whatsapp_transferido")
		a.wantFields(ticket, map[string]string{fieldCatalog: invoicesTag})
		a.wantTranscript(ticket, "rejeição 539", "qual é a mensagem de erro?", "Meu nome é Ana Beatriz Souza")
		if got := a.shows(session); got.State != "closed" || got.Outcome != "closed" {
			t.Errorf("the API shows %+v", got)
		}

		// A thank-you opens nothing, and a new question begins from the start.
		a.says(mariana, "obrigada!")
		if got := a.shows(session); got.State != "closed" {
			t.Errorf("after a thank-you: %+v", got)
		}
		a.says(mariana, "surgiu outra dúvida")
		a.run(time.Minute)
		a.wantTold(mariana, "O atendimento foi iniciado sob o número 261123-002")
		a.wantQuiet()
	})
}

// TestSentToN2: what the second level needs is asked for, then the ticket goes there unsolved and the chat ends.
func TestSentToN2(t *testing.T) {
	t.Parallel()
	bothModes(t, func(t moded) {
		n := t.number
		a := attend(t.T, n)
		ana := a.staff("Ana Beatriz Souza")
		ticket := a.derived(mariana)
		session := ticket.ExternalID
		a.does(session, "take", fields{"agent": ana})
		a.does(session, "reply", fields{"agent": ana, "text": "vou verificar com a especialidade"})
		a.refusedFor(session, "n2", fields{"agent": ana}, "fields_missing", "resumo")
		a.does(session, "n2", fields{"agent": ana, "fields": fields{"summary": "NF-e rejeitada com 539"}})
		a.run(10 * time.Minute)

		a.wantTold(mariana, "foi encaminhado à nossa equipe especializada")
		if a.told(mariana, "concluído") > 0 {
			t.Errorf("the customer is told %q", a.phone(mariana))
		}
		ticket = a.again(ticket)
		if ticket.Status != "open" || ticket.GroupID != a.group(queueN2) || ticket.AssigneeID != 0 {
			t.Errorf("at N2: %+v", ticket)
		}
		a.wantTags(ticket, "whatsapp_n2")
		a.wantFields(ticket, map[string]string{
			fieldSummary: `"NF-e rejeitada com 539"`, fieldContact: `"Mariana Albuquerque"`, fieldPhone: `"+5511987650142"`,
		})
		a.wantTranscript(ticket, "vou verificar com a especialidade")
		if got := a.shows(session); got.State != "closed" || got.Outcome != "n2" {
			t.Errorf("the API shows %+v", got)
		}

		// The second level works on and solves it: nothing goes to the chat.
		before := len(a.phone(mariana))
		a.edits("Diego Martins", ticket, fields{"comment": fields{"body": "corrigido", "public": false}, "assignee_id": a.user("Diego Martins").ID})
		a.edits("Diego Martins", ticket, fields{"status": "solved"})
		a.run(5 * time.Minute)
		if said := a.phone(mariana); len(said) != before {
			t.Errorf("after the solution at N2 the customer is told %q", said[before:])
		}
		if got := a.shows(session); got.Outcome != "n2" {
			t.Errorf("the API shows %+v", got)
		}
		a.wantQuiet()
	})
}

// TestUnknownCNPJ: whom Zendesk does not know is asked for the CNPJ; wrong ones cost tries, one that nobody has goes to people.
func TestUnknownCNPJ(t *testing.T) {
	t.Parallel()
	bothModes(t, func(t moded) {
		n := t.number
		a := attend(t.T, n)
		a.says(padaria, "bom dia")
		a.wantTold(padaria, "informe o CNPJ da sua empresa")
		a.says(padaria, "11.222.333/0001-80")
		a.wantTold(padaria, "tentativas restantes: 2")
		a.says(padaria, cnpjNobody)
		a.wantTold(padaria, "Não localizei nenhuma empresa com esse CNPJ")
		a.run(time.Minute)
		ticket := a.ticket()
		if ticket.Status != "new" || ticket.OrganizationID != 0 || ticket.GroupID != a.group(queueN1) {
			t.Errorf("handed over: %+v", ticket)
		}
		a.wantComment(ticket, "organização não encontrada", false)
		a.wantFields(ticket, map[string]string{fieldCNPJ: `"60.701.190/0001-04"`})
		if got := a.shows(ticket.ExternalID); got.State != "queued" || strings.Join(got.Flags, " ") != "no_organization" || strings.Join(got.Mismatches, " ") != "organization" {
			t.Errorf("the API shows %+v", got)
		}

		// Three wrong ones: people take over with the flag.
		b := attend(t.T, n)
		b.says(padaria, "bom dia")
		for _, wrong := range []string{"11.222.333/0001-80", "1234 5678", "99999999999999"} {
			b.says(padaria, wrong)
		}
		b.wantTold(padaria, "um atendente vai ajudar você a localizar o cadastro")
		b.run(time.Minute)
		if got := b.shows(b.ticket().ExternalID); got.State != "queued" || strings.Join(got.Flags, " ") != "no_cnpj" {
			t.Errorf("the API shows %+v", got)
		}
		a.wantQuiet()
		b.wantQuiet()
	})
}

// TestRepair: the ticket of somebody who is in no organisation gets one, by the CNPJ: it belongs to who opens most tickets there, and
// who writes stays in copy.
func TestRepair(t *testing.T) {
	t.Parallel()
	bothModes(t, func(t moded) {
		n := t.number
		a := attend(t.T, n)
		a.says(padaria, "bom dia, meu pedido não fatura")
		a.says(padaria, cnpjAurora)
		a.wantTold(padaria, "Qual é o seu e-mail?")
		a.says(padaria, "padaria@bela.example")
		a.chooses(padaria, menuInvoices)
		a.run(time.Minute)
		a.wantRepaired(a.ticket(), "padaria@bela.example")

		// Without the bot an agent tells the CNPJ, or the customer does later.
		for name, tells := range map[string]func(b *attendance, session string){
			"agent": func(b *attendance, session string) {
				b.does(session, "identify", fields{"agent": b.staff("Ana Beatriz Souza"), "cnpj": cnpjAurora})
			},
			"customer": func(b *attendance, _ string) { b.says(padaria, "o cnpj é "+cnpjAurora+", obrigado") },
		} {
			without := n
			without.Bot.Kind = settings.BotNone
			b := attend(t.T, without)
			b.says(padaria, "bom dia, meu pedido não fatura")
			b.run(time.Minute)
			if ticket := b.ticket(); ticket.OrganizationID != 0 {
				t.Errorf("%s: before the repair: %+v", name, ticket)
			}
			tells(b, b.ticket().ExternalID)
			b.run(10 * time.Minute)
			b.wantRepaired(b.ticket(), "")
			b.wantComment(b.ticket(), "e-mail", false)
			if got := b.shows(b.ticket().ExternalID); got.State != "queued" || len(got.Mismatches) > 0 || strings.Join(got.Flags, " ") != "no_email" {
				t.Errorf("%s: the API shows %+v", name, got)
			}
			b.wantQuiet()
		}
		a.wantQuiet()
	})
}

// TestRepairFindsPending: the financial check follows the repair.
func TestRepairFindsPending(t *testing.T) {
	t.Parallel()
	bothModes(t, func(t moded) {
		n := t.number
		n.Bot.Kind = settings.BotNone
		a := attend(t.T, n)
		ana := a.staff("Ana Beatriz Souza")
		a.says(padaria, "bom dia")
		a.run(time.Minute)
		session := a.ticket().ExternalID
		a.does(session, "take", fields{"agent": ana})
		a.does(session, "reply", fields{"agent": ana, "text": "qual é o CNPJ?"})
		a.says(padaria, cnpjBoaVista)
		a.run(10 * time.Minute)
		if got := a.shows(session); got.State != "active" || got.Organization.Pending != "yes" || !strings.Contains(strings.Join(got.Flags, " "), "pending") {
			t.Errorf("the API shows %+v", got)
		}
		a.wantComment(a.ticket(), "tem pendência financeira no cadastro", false)
		if a.told(padaria, "pendência") > 0 {
			t.Error("a live chat is refused")
		}
		a.does(session, "override", fields{"agent": ana, "reason": "acordo em andamento"})
		a.run(time.Minute)
		a.wantComment(a.ticket(), "Motivo: acordo em andamento", false)
		a.wantQuiet()
	})
}

// TestPosition: the bot tells where a ticket of the customer's own company stands, and no other's.
func TestPosition(t *testing.T) {
	t.Parallel()
	bothModes(t, func(t moded) {
		n := t.number
		a := attend(t.T, n)
		own, others := a.openTicketOf("Distribuidora Aurora Ltda"), a.openTicketOf("Atacado Boa Vista S.A.")
		a.says(mariana, "oi")
		a.chooses(mariana, menuPosition)
		a.wantTold(mariana, "Qual é o número do chamado?")
		a.says(mariana, others)
		a.wantTold(mariana, "Não localizei o chamado "+others+" para a sua empresa")
		a.chooses(mariana, menuPosition)
		a.says(mariana, "é o "+own+", por favor")
		a.wantTold(mariana, "O chamado "+own+" está ")
		a.run(2 * time.Minute)
		if n.Mode == settings.ModeMirror { // else there is none before people have it
			if ticket := a.ticket(); ticket.Subject != "Posicionamento do ticket "+own || ticket.Status != "new" {
				t.Errorf("while the bot asks whether there is more: %+v", ticket)
			}
		}
		a.says(mariana, "não, obrigada")
		a.wantTold(mariana, "O atendimento foi concluído")
		a.run(2 * time.Minute)
		ticket := a.ticket()
		if ticket.Status != "solved" || ticket.Subject != "Posicionamento do ticket "+own {
			t.Errorf("the ticket is %+v", ticket)
		}
		a.wantFields(ticket, map[string]string{fieldCatalog: positionTag})

		// Agents have the same.
		b := attend(t.T, n)
		ticket = b.derived(mariana)
		ana := b.staff("Ana Beatriz Souza")
		b.does(ticket.ExternalID, "take", fields{"agent": ana})
		b.does(ticket.ExternalID, "position", fields{"agent": ana, "ticket": number(t.T, own)})
		b.run(10 * time.Minute)
		b.wantTold(mariana, "O chamado "+own+" está ")
		ticket = b.again(ticket)
		if ticket.Subject != "Posicionamento do ticket "+own {
			t.Errorf("the agent's ticket is %+v", ticket)
		}
		b.wantFields(ticket, map[string]string{fieldCatalog: positionTag})
		a.wantQuiet()
		b.wantQuiet()
	})
}

// TestAfterHours: a number with a bot answers with the text and queues nothing; one without answers and queues. Once per closed time.
func TestAfterHours(t *testing.T) {
	t.Parallel()
	bothModes(t, func(t moded) {
		n := t.number
		for _, kind := range []settings.BotKind{settings.BotOwn, settings.BotNone} {
			n.Bot.Kind = kind
			a := attend(t.T, n)
			a.advance(10 * time.Hour) // 20:00
			a.says(mariana, "boa noite")
			a.says(mariana, "tem alguém?")
			a.run(2 * time.Minute)
			a.wantTold(mariana, "Nosso horário de atendimento é")
			if said := a.phone(mariana); len(said) != 1 {
				t.Errorf("%s: the customer is told %q", kind, said)
			}
			session := a.ticket().ExternalID // kept for the audit
			want := map[settings.BotKind]string{settings.BotOwn: "bot", settings.BotNone: "queued"}[kind]
			if got := a.shows(session); got.State != want {
				t.Errorf("%s: the API shows %+v", kind, got)
			}
			// The next morning the bot is there.
			a.advance(13*time.Hour + 30*time.Minute)
			a.says(mariana, "bom dia")
			a.run(time.Minute)
			a.wantTold(mariana, "Nosso horário de atendimento é")
			if greeted := a.told(mariana, "O atendimento foi iniciado"); greeted != map[settings.BotKind]int{settings.BotOwn: 1, settings.BotNone: 0}[kind] {
				t.Errorf("%s: greeted %d times: %q", kind, greeted, a.phone(mariana))
			}
			a.wantQuiet()
		}
	})
}

// TestUnknownPeopleAreRefused: where settings want that, who is not in Zendesk gets a text and nothing is written there.
func TestUnknownPeopleAreRefused(t *testing.T) {
	t.Parallel()
	bothModes(t, func(t moded) {
		n := t.number
		n.Organizations.Unknown = settings.UnknownRefuse
		a := attend(t.T, n)
		before := a.costs()
		a.says(padaria, "bom dia")
		a.run(5 * time.Minute)
		a.wantTold(padaria, n.Says.Refused)
		if got := a.costs().since(before); len(a.tickets()) > 0 || got["POST /tickets"]+got["POST /users/create_or_update"] > 0 {
			t.Errorf("%d tickets, %v", len(a.tickets()), got)
		}
	})
}
