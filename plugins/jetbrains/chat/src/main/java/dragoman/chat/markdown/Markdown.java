package dragoman.chat.markdown;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.commonmark.ext.autolink.AutolinkExtension;
import org.commonmark.ext.autolink.AutolinkType;
import org.commonmark.ext.gfm.strikethrough.Strikethrough;
import org.commonmark.ext.gfm.strikethrough.StrikethroughExtension;
import org.commonmark.ext.gfm.tables.TableBlock;
import org.commonmark.ext.gfm.tables.TableCell;
import org.commonmark.ext.gfm.tables.TableRow;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.node.BlockQuote;
import org.commonmark.node.BulletList;
import org.commonmark.node.Code;
import org.commonmark.node.Emphasis;
import org.commonmark.node.FencedCodeBlock;
import org.commonmark.node.HardLineBreak;
import org.commonmark.node.Heading;
import org.commonmark.node.HtmlBlock;
import org.commonmark.node.HtmlInline;
import org.commonmark.node.Image;
import org.commonmark.node.IndentedCodeBlock;
import org.commonmark.node.Link;
import org.commonmark.node.LinkReferenceDefinition;
import org.commonmark.node.ListItem;
import org.commonmark.node.Node;
import org.commonmark.node.OrderedList;
import org.commonmark.node.Paragraph;
import org.commonmark.node.SoftLineBreak;
import org.commonmark.node.StrongEmphasis;
import org.commonmark.node.Text;
import org.commonmark.node.ThematicBreak;
import org.commonmark.parser.IncludeSourceSpans;
import org.commonmark.parser.Parser;

/**
 * Markdown (CommonMark, with GitHub's tables and strikethrough) into {@link Block}s. HTML in it is text, images are named
 * and never loaded, links lead to http and https only and say where. Never throws for any text.
 */
public final class Markdown {
  /** So deep may blocks and marks stand in each other; what is deeper is text. It bounds the recursion below. */
  private static final int DEPTH = 40;

  private static final Parser PARSER =
      Parser.builder()
          .extensions(
              List.of(
                  TablesExtension.create(),
                  StrikethroughExtension.create(),
                  AutolinkExtension.builder().linkTypes(AutolinkType.URL).build()))
          .enabledBlockTypes(blockTypes())
          .includeSourceSpans(IncludeSourceSpans.BLOCKS)
          .maxOpenBlockParsers(DEPTH)
          .maxInlineNesting(DEPTH)
          .build();

  private final List<Block> blocks = new ArrayList<>();
  private int indent;
  private int quote;
  private String marker = "";

  private Markdown() {}

  public static List<Block> read(String text) {
    return read(parse(text), null);
  }

  /** What stands before {@code end}, one of the document's own blocks; all of it where that is null. */
  static List<Block> read(Node document, Node end) {
    Markdown reader = new Markdown();
    for (Node node = document.getFirstChild(); node != end; node = node.getNext()) reader.block(node);
    return reader.blocks;
  }

  static Node parse(String text) {
    return PARSER.parse(text);
  }

  /** All but HTML blocks, which thereby are paragraphs. */
  private static Set<Class<? extends org.commonmark.node.Block>> blockTypes() {
    return new HashSet<>(
        List.of(
            BlockQuote.class,
            FencedCodeBlock.class,
            Heading.class,
            IndentedCodeBlock.class,
            org.commonmark.node.ListBlock.class,
            ThematicBreak.class));
  }

  private void children(Node parent) {
    for (Node node = parent.getFirstChild(); node != null; node = node.getNext()) block(node);
  }

  private void block(Node node) {
    if (node instanceof Heading heading) {
      paragraph(heading.getLevel(), node);
    } else if (node instanceof Paragraph) {
      paragraph(0, node);
    } else if (node instanceof FencedCodeBlock code) {
      String info = code.getInfo() == null ? "" : code.getInfo().strip();
      add(new Block.Code(code.getLiteral(), info.split("\\s", 2)[0], false));
    } else if (node instanceof IndentedCodeBlock code) {
      add(new Block.Code(code.getLiteral(), "", false));
    } else if (node instanceof BlockQuote) {
      ++quote;
      children(node);
      --quote;
    } else if (node instanceof BulletList || node instanceof OrderedList) {
      list(node);
    } else if (node instanceof TableBlock) {
      add(new Block.Table(rows(node)));
    } else if (node instanceof ThematicBreak) {
      add(new Block.Rule());
    } else if (node instanceof HtmlBlock html) {
      add(new Block.Paragraph(0, indent, quote, takeMarker(), Visible.spans(html.getLiteral(), Span.plain(""))));
    } else if (!(node instanceof LinkReferenceDefinition)) {
      children(node);
    }
  }

  private void list(Node list) {
    long number = list instanceof OrderedList ordered && ordered.getMarkerStartNumber() != null
        ? ordered.getMarkerStartNumber() : 1;
    ++indent;
    for (Node item = list.getFirstChild(); item != null; item = item.getNext()) {
      if (!(item instanceof ListItem)) continue;
      marker = list instanceof OrderedList ? number++ + "." : "\u2022";
      children(item);
      if (!marker.isEmpty()) add(new Block.Paragraph(0, indent, quote, takeMarker(), List.of()));
    }
    --indent;
  }

  private void paragraph(int heading, Node node) {
    Inlines inlines = new Inlines();
    inlines.children(node, Span.plain(""));
    add(new Block.Paragraph(heading, indent, quote, takeMarker(), inlines.spans));
  }

  /** A list item that begins with something else than a paragraph still shows its marker. */
  private void add(Block block) {
    if (!marker.isEmpty()) blocks.add(new Block.Paragraph(0, indent, quote, takeMarker(), List.of()));
    blocks.add(block);
  }

  private String takeMarker() {
    String taken = marker;
    marker = "";
    return taken;
  }

  private static List<List<List<Span>>> rows(Node table) {
    List<List<List<Span>>> rows = new ArrayList<>();
    for (Node part = table.getFirstChild(); part != null; part = part.getNext()) {
      for (Node row = part.getFirstChild(); row != null; row = row.getNext()) {
        if (!(row instanceof TableRow)) continue;
        List<List<Span>> cells = new ArrayList<>();
        for (Node cell = row.getFirstChild(); cell != null; cell = cell.getNext()) {
          if (!(cell instanceof TableCell)) continue;
          Inlines inlines = new Inlines();
          inlines.children(cell, Span.plain(""));
          cells.add(inlines.spans);
        }
        rows.add(cells);
      }
    }
    return rows;
  }

  /** What stands in a paragraph, flattened. */
  private static final class Inlines {
    final List<Span> spans = new ArrayList<>();

    void children(Node parent, Span like) {
      for (Node node = parent.getFirstChild(); node != null; node = node.getNext()) inline(node, like);
    }

    private void inline(Node node, Span like) {
      if (node instanceof Text text) {
        text(text.getLiteral(), like);
      } else if (node instanceof Code code) {
        text(code.getLiteral(), like.with(Span.Mark.CODE));
      } else if (node instanceof HtmlInline html) {
        text(html.getLiteral(), like);
      } else if (node instanceof SoftLineBreak || node instanceof HardLineBreak) {
        text(node instanceof SoftLineBreak ? " " : "\n", like);
      } else if (node instanceof Emphasis) {
        children(node, like.with(Span.Mark.ITALIC));
      } else if (node instanceof StrongEmphasis) {
        children(node, like.with(Span.Mark.BOLD));
      } else if (node instanceof Strikethrough) {
        children(node, like.with(Span.Mark.STRIKE));
      } else if (node instanceof Link link) {
        link(link, like);
      } else if (node instanceof Image image) {
        Inlines name = new Inlines();
        name.children(image, Span.plain(""));
        String called = name.spans.isEmpty() ? "\u2026" : Span.text(name.spans);
        text("[" + called + "] (" + image.getDestination() + ")", like.with(Span.Mark.MUTED));
      } else {
        children(node, like);
      }
    }

    private void link(Link link, Span like) {
      String url = link.getDestination() == null ? "" : link.getDestination();
      int from = spans.size();
      children(link, new Span("", like.marks(), isWeb(url) ? url : ""));
      if (Span.text(spans.subList(from, spans.size())).equals(url)) return;
      text(" (" + url + ")", like.with(Span.Mark.MUTED));
    }

    private void text(String text, Span like) {
      spans.addAll(Visible.spans(text, like));
    }
  }

  /** Whether an address is one that a browser is asked to open: http or https, and no control in it. */
  public static boolean isWeb(String url) {
    String low = url.toLowerCase(Locale.ROOT);
    return (low.startsWith("http://") || low.startsWith("https://"))
        && url.chars().noneMatch(c -> c <= ' ' || c == 0x7f);
  }
}
