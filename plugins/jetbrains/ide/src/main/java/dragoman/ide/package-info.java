/**
 * The plugin: what an IDE sees of dragoman. Thin: what can be known without an IDE is known in {@code dragoman.client}.
 *
 * <p>Where to start: {@link dragoman.ide.DragomanService} is the project's daemon, {@link dragoman.ide.Documents} keeps it
 * told of the texts, {@code dragoman.ide.ghost} shows suggestions. META-INF/plugin.xml lists every feature.
 *
 * <p>Nothing waits on the UI thread. Answers come on the client's threads and go to the UI thread by
 * {@link dragoman.ide.DragomanService#onUi}, which drops them when the project is closed.
 */
package dragoman.ide;
