// Package bench is the load generator behind the benchmarks: it starts redis-server, Ponte and a comparator as processes of
// their own, sends them signed webhooks over kept connections, counts what Redis holds afterwards, and prints the figures
// beside what they should be.
//
// The comparator is the same HTTP server with the same routes, whose webhooks are answered once their signature has been
// checked. Rounds of Ponte and of the comparator take turns, so that both meet the same moods of the machine.
//
// Rows with many conversations are filled with copies of a few that the engine itself has worked on: see stage and filler.
//
// The row of the app runs the whole product: agents sign in to the app's pages as Zendesk lets them in and follow their streams, customers
// write to them, and both peers are simulated in this process, see floor.
//
// A message counts as stored when it lies in an inbox in Redis, not when its webhook was answered 200. When the two differ,
// Run says so and fails.
package bench
