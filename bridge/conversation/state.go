package conversation

// State is where a conversation stands in its life.
type State string

// The states of a conversation, with what an agent calls them. Those that only later stages enter are named here as well,
// so that stored conversations and drawings have one vocabulary.
const (
	StateNone      State = ""          // no conversation yet
	StateQueued    State = "queued"    // Fila / Novo
	StateActive    State = "active"    // Em andamento
	StatePending   State = "pending"   // Com pendência
	StateClosed    State = "closed"    // Concluído
	StateBot       State = "bot"       // Pré-atendimento
	StateStopped   State = "stopped"   // Conversa encerrada no WhatsApp
	StateExpired   State = "expired"   // Expirado
	StateCancelled State = "cancelled" // Cancelado
)

// Ended tells whether the attendance is over: the next message starts a new conversation.
func (s State) Ended() bool {
	switch s {
	case StateNone, StateClosed, StateExpired, StateCancelled:
		return true
	case StateBot, StateQueued, StateActive, StatePending, StateStopped:
		return false
	}
	return false
}
