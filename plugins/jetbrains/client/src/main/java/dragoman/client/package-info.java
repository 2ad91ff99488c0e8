/**
 * Speaks to the dragoman daemon: finds and starts it, keeps it running, asks it, and hears from it. Knows no IDE, so that
 * all of it is tested against the real daemon.
 *
 * <p>Where to start: {@link dragoman.client.Dragoman} is what a plugin uses; {@link dragoman.client.Protocol} is what
 * crosses the wire; {@link dragoman.client.Connection} is one run of a daemon.
 *
 * <p>No public method here waits, for the daemon or for anything else: a caller may stand on the UI thread.
 */
package dragoman.client;
