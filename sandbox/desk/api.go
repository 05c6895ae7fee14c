package desk

import "slices"

// buildAPI lists every route of the account's API. Literal paths stand before those with variables.
func (s *Server) buildAPI() []route {
	return slices.Concat(
		s.oauthRoutes(),
		s.jobRoutes(),
		s.ticketRoutes(),
		s.commentRoutes(),
		s.auditRoutes(),
		s.definitionRoutes(),
		s.macroRoutes(),
		s.userRoutes(),
		s.identityRoutes(),
		s.orgRoutes(),
		s.groupRoutes(),
		s.fieldOptionRoutes(),
		s.fieldRoutes(),
		s.viewRoutes(),
		s.triggerRoutes(),
		s.uploadRoutes(),
		s.searchRoutes(),
		s.incrementalRoutes(),
		s.webhookRoutes(),
		s.appRoutes(),
	)
}
