package conversation

import "strconv"

// Values is what the thread knows for the variables of texts; those that it knows nothing for are missing or blank.
func (t Thread) Values() map[string]string {
	v := map[string]string{"{{contato.nome}}": t.Contact.Name}
	c := t.Conversation
	if c == nil {
		return v
	}
	v["{{atendimento.numero}}"], v["{{fila.nome}}"] = c.Procedure.Number, c.Procedure.Queue
	if o := c.Procedure.Organization; o != nil {
		v["{{organizacao.nome}}"] = o.Name
	}
	if id := c.Ticket.ID; id != 0 {
		v["{{ticket.id}}"] = strconv.FormatInt(id, 10)
	}
	return v
}
