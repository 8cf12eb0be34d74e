import type { Tag } from "@carillon/contracts/http/tags";
import { show } from "../door/show.tsx";
import type { Visit } from "../door/visit.ts";
import { TagDot, tagHref } from "../ui/badges.tsx";
import { Empty } from "../ui/empty.tsx";
import { ErrorSummary, type FieldErrors, TextField } from "../ui/field.tsx";
import { Html } from "../ui/html.ts";
import { Icon } from "../ui/icon.tsx";
import { newTagColor, palette } from "./palette.ts";

/** A rejected form: its tag (null: the new one), the input, the reason. */
export type ReturnedTag = { id: string | null; name: string; color: string; errors: FieldErrors };

/** `GET /tags`. */
export const showTags = (visit: Visit): Promise<Response> => tagsPage(visit);

export async function tagsPage(visit: Visit, returned?: ReturnedTag): Promise<Response> {
  const cursor = visit.url.searchParams.get("cursor");
  const { data: tags, next_cursor: next } = await visit.api.listTags(cursor ? { cursor } : {});
  const content = <TagList tags={tags} next={next} returned={returned} />;
  return show(visit, {
    title: "Tags",
    place: "tags",
    main: (
      <div class="column">
        <header class="page-head">
          <h1>Tags</h1>
          <p class="page-lead">
            A tag groups tasks across all lists. New ones also appear when you type them on a task.
          </p>
        </header>
        <NewTagForm visit={visit} count={tags.length} returned={returned?.id === null ? returned : undefined} />
        <section id="list" aria-label="Tags" data-list="/tags">
          {content}
        </section>
        <Palette />
      </div>
    ),
    list: { content },
    status: returned ? 422 : 200,
  });
}

const labels = { "new-tag": "Name", "new-color": "Colour" };

const NewTagForm = ({ visit, count, returned }: { visit: Visit; count: number; returned: ReturnedTag | undefined }) => {
  const errors: FieldErrors = returned
    ? { "new-tag": returned.errors.name, "new-color": returned.errors.color, "": returned.errors[""] }
    : {};
  return (
    <form class="panel tag-form" method="post" action="/tags" aria-label="Create a tag">
      <input type="hidden" name="key" value={visit.newKey()} autocomplete="off" />
      <ErrorSummary errors={errors} labels={labels} />
      <div class="field-row">
        <TextField
          id="new-tag"
          name="name"
          label="New tag"
          value={returned?.name ?? ""}
          error={errors["new-tag"]}
          maxlength={100}
          required
          attributes={{ "data-key": "n" }}
        />
        <TextField
          id="new-color"
          name="color"
          type="color"
          label="Colour"
          value={returned?.color ?? newTagColor(count)}
          error={errors["new-color"]}
          list="palette"
        />
        <button type="submit" class="button button-primary">
          Create tag
        </button>
      </div>
    </form>
  );
};

const TagList = ({
  tags,
  next,
  returned,
}: {
  tags: readonly Tag[];
  next: string | null;
  returned: ReturnedTag | undefined;
}) => {
  if (tags.length === 0)
    return <Empty title="No tags yet">Create one above, such as “home” or “work”, or type it on a task.</Empty>;
  return (
    <>
      <ul class="tags">
        {tags.map((tag) => (
          <TagRow tag={tag} returned={returned?.id === tag.id ? returned : undefined} />
        ))}
      </ul>
      {next ? (
        <p class="more">
          <a class="button" href={`/tags?${new URLSearchParams({ cursor: next })}`}>
            More tags
          </a>
        </p>
      ) : null}
    </>
  );
};

const TagRow = ({ tag, returned }: { tag: Tag; returned: ReturnedTag | undefined }) => {
  const errors: FieldErrors = returned?.errors ?? {};
  const id = `tag-${tag.id}`;
  return (
    <li class="tag-row" id={id}>
      <a class="tag-link" href={tagHref(tag.name)}>
        <TagDot color={tag.color} />
        <span class="tag-link-name" dir="auto" safe>
          {tag.name}
        </span>
      </a>
      <details class="tag-edit" open={returned !== undefined}>
        <summary class="button button-small button-quiet" aria-label={`Edit “${tag.name}”`}>
          Edit
        </summary>
        <div class="tag-edit-body">
          <form class="field-row" method="post" action={`/tags/${tag.id}`} aria-label={`Change “${tag.name}”`}>
            <TextField
              id={`${id}-name`}
              name="name"
              label="Name"
              value={returned?.name ?? tag.name}
              error={errors.name ?? errors[""]}
              maxlength={100}
              required
            />
            <TextField
              id={`${id}-color`}
              name="color"
              type="color"
              label="Colour"
              value={returned?.color ?? tag.color}
              error={errors.color}
              list="palette"
            />
            <button type="submit" class="button button-primary">
              Save
            </button>
          </form>
          <form method="post" action={`/tags/${tag.id}/delete`} class="tag-delete">
            <input type="hidden" name="name" value={tag.name} />
            <button type="submit" class="button button-small button-danger">
              <Icon name="trash" />
              Delete tag
            </button>
            <span class="quiet">Its tasks stay; they only lose the tag.</span>
          </form>
        </div>
      </details>
    </li>
  );
};

/** Colours a browser's colour chooser offers first. */
const Palette = () => (
  <datalist id="palette">
    {palette.map((color) => (
      <option value={color} />
    ))}
  </datalist>
);
