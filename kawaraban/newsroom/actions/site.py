"""A site and its sections, and who may do what at the desk."""

from __future__ import annotations

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext
from wagtail.models import (
    Collection,
    GroupCollectionPermission,
    GroupPagePermission,
    Page,
    Site,
    Workflow,
    WorkflowPage,
    WorkflowTask,
)

from kawaraban.accounts.models import ADMINISTRATOR, EDITOR, MODERATOR, PUBLISHER, REPORTER
from kawaraban.newsroom.approval import PlaceApprovalTask
from kawaraban.newsroom.models import FrontPage, SectionPage

# What each role may do with pages, everywhere. Who may only add them edits their own and publishes none.
_EVERYTHING = ("add_page", "change_page", "publish_page", "lock_page", "unlock_page", "bulk_delete_page")
PAGES = {
    MODERATOR: (),
    REPORTER: ("add_page",),
    PUBLISHER: ("change_page", "publish_page"),
    EDITOR: _EVERYTHING,
    ADMINISTRATOR: _EVERYTHING,
}
_LIBRARY = ("add_image", "change_image", "choose_image")
PICTURES = {
    MODERATOR: (),
    REPORTER: ("add_image", "choose_image"),
    PUBLISHER: _LIBRARY,
    EDITOR: _LIBRARY,
    ADMINISTRATOR: _LIBRARY,
}


@transaction.atomic
def prepare_site(name: str, hostname: str, port: int) -> FrontPage:
    """The front page of a site that is ready for its first section; found, or made with the staff's permissions.

    Wagtail's own welcome page, two groups and workflow go: the roles are ours. Cost: about 40 queries.
    """
    root = Page.get_first_root_node()
    front: FrontPage | None = FrontPage.objects.first()
    if front is None:
        Page.objects.filter(depth=2, content_type__model="page").delete()
        root = Page.get_first_root_node()
        front = root.add_child(instance=FrontPage(title=name, slug="front"))
        Workflow.objects.filter(name="Moderators approval").delete()
        Group.objects.filter(name__in=["Editors", "Moderators"]).delete()
    if front.live and front.live_revision_id is None:
        # To Wagtail a page without a revision was never published: scheduling its next one would take it down.
        front.save_revision().publish()
    site = Site.objects.filter(is_default_site=True).first() or Site(is_default_site=True)
    site.hostname, site.port, site.root_page = hostname, port, front
    site.site_name = site.site_name or name
    site.save()
    _grant_staff(root)
    _set_up_approval(front)
    return front


def add_section(front: FrontPage, title: str, slug: str = "", introduction: str = "") -> SectionPage:
    """The section with this address, made if it is not there yet. Cost: 1 query, about 15 to make one."""
    slug = slug or slugify(title)
    found: SectionPage | None = SectionPage.objects.child_of(front).filter(slug=slug).first()
    if found is not None:
        return found
    section: SectionPage = front.add_child(
        instance=SectionPage(title=title, slug=slug, introduction=introduction, show_in_menus=True)
    )
    section.save_revision().publish()
    return section


def _grant_staff(root: Page) -> None:
    """Give each role its permissions at the desk; granting twice changes nothing."""
    enter = Permission.objects.get(content_type__app_label="wagtailadmin", codename="access_admin")
    pictures = Permission.objects.filter(content_type__app_label="wagtailimages")
    publication = Permission.objects.get(content_type__app_label="newsroom", codename="change_publication")
    moderation = Permission.objects.get(content_type__app_label="moderation", codename="change_moderationsettings")
    people = Permission.objects.filter(content_type__app_label="accounts", content_type__model="user")
    jobs = Permission.objects.get(content_type__app_label="jobs", codename="tend_jobs")
    # A feed with deliveries stays, so that what came is known; it can be switched off.
    wire = Permission.objects.filter(
        content_type__app_label="wire",
        codename__in=["add_feed", "change_feed", "add_topicmap", "change_topicmap", "delete_topicmap"],
    )
    pages = Permission.objects.filter(
        content_type__app_label="wagtailcore",
        content_type__model="page",
    )
    library = Collection.get_first_root_node()
    roles: dict[str, list[Permission]] = {
        MODERATOR: [enter],
        REPORTER: [enter],
        PUBLISHER: [enter],
        EDITOR: [enter, publication, moderation, *wire],
        ADMINISTRATOR: [enter, publication, moderation, jobs, *people, *wire],
    }
    for role, permissions in roles.items():
        group, _ = Group.objects.get_or_create(name=role)
        group.permissions.add(*permissions)
        for permission in pages.filter(codename__in=PAGES[role]):
            GroupPagePermission.objects.get_or_create(group=group, page=root, permission=permission)
        for permission in pictures.filter(codename__in=PICTURES[role]):
            GroupCollectionPermission.objects.get_or_create(group=group, collection=library, permission=permission)


def _set_up_approval(front: FrontPage) -> None:
    """Have what is submitted approved where it stands, then published; once, so that what a desk makes of it stays."""
    if PlaceApprovalTask.objects.exists():
        return
    workflow = Workflow.objects.create(name=gettext("Edited, then published"))
    needs = PlaceApprovalTask.Needs
    for place, (name, what) in enumerate(
        ((gettext("Editor approves"), needs.CHANGE), (gettext("Publisher publishes"), needs.PUBLISH))
    ):
        task = PlaceApprovalTask.objects.create(name=name, needs=what)
        WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=place)
    WorkflowPage.objects.create(workflow=workflow, page=front)
