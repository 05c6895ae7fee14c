package macros

// Role is what a macro is for; the account says which of its macros has it.
type Role string

// The roles.
const (
	// Closing is applied when an agent closes a conversation.
	Closing Role = "closing"
	// N2 is applied when a conversation goes to the second level.
	N2 Role = "n2"
	// FinancialPending is applied when the organisation has something unpaid.
	FinancialPending Role = "financial_pending"
	// Transfer is applied when a conversation goes to another queue or agent.
	Transfer Role = "transfer"
	// AuditNotAssumed marks an attended ticket that nobody assumed.
	AuditNotAssumed Role = "audit.not_assumed"
	// AuditClientAbandonment marks a customer who went silent.
	AuditClientAbandonment Role = "audit.client_abandonment"
	// AuditAgentAbandonment marks a customer who was left without an answer.
	AuditAgentAbandonment Role = "audit.agent_abandonment"
	// AuditAfterHours marks a conversation that began outside business hours.
	AuditAfterHours Role = "audit.after_hours"
	// AuditAgentUnavailable marks a conversation that no agent ever had.
	AuditAgentUnavailable Role = "audit.agent_unavailable"
	// AuditWrongTitle marks a solved ticket whose title said nothing.
	AuditWrongTitle Role = "audit.wrong_title"
)

// RoleInfo describes a role.
type RoleInfo struct {
	Role Role
	// Title is the title of the role's macro in the reference operation.
	Title string
	// Required says that the support procedure can't do without the macro.
	Required bool
}

// Roles lists all roles, those of the support procedure first.
func Roles() []RoleInfo {
	return []RoleInfo{
		{Closing, "Atendimento Whatsapp (Oficial)", true},
		{N2, "1. Atendimento Whatsapp Transferência N2(oficial)", true},
		{FinancialPending, "3. Atendimento Whatsapp - Pendência no Cadastro do Cliente (oficial)", true},
		{Transfer, "Atendimento Whatsapp Transferência", false},
		{AuditNotAssumed, "Auditoria Whatsapp |Ticket não assumido", false},
		{AuditClientAbandonment, "Auditoria Whatsapp | Abandono do Cliente", false},
		{AuditAgentAbandonment, "Auditoria Whatsapp | Abandono do analista", false},
		{AuditAfterHours, "Auditoria Whatsapp | Fora do horário", false},
		{AuditAgentUnavailable, "Auditoria Whatsapp | Indisponibilidade do analista", false},
		{AuditWrongTitle, "Auditoria Whatsapp | Título incorreto", false},
	}
}
